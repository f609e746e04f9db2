"""Measuring shapes of degrees on the ground: good to a part in a thousand at the size of a city."""

import math
from typing import Any

import numpy as np
import shapely

EARTH_RADIUS = 6_371_008.8


def square_metres(shapes: Any) -> Any:
    """Areas of shapes in square metres, each scaled at its own latitude; of an empty shape, 0."""
    shapes = np.asarray(shapes, dtype=object)
    bounds = shapely.bounds(shapes)
    latitude = np.radians((bounds[..., 1] + bounds[..., 3]) / 2)
    per_degree = math.radians(1) * EARTH_RADIUS
    return np.nan_to_num(shapely.area(shapes) * per_degree * per_degree * np.cos(latitude))
