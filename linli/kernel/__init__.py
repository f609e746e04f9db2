"""The ground everything stands on: clock, calendar, codes, Chinese text, masking, coordinates, identifiers."""
