"""Asks the C library to give back what is no longer held. Its own defaults are made for programs that use one thread."""

import contextlib
import ctypes
import gc

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""mallopt(3)."""
LARGE = 256 * 1024
"""From so many bytes on, a piece is taken from the system by itself and goes back as soon as it is free."""


def spare() -> None:
    """One heap for all threads, which wait in turn for Python anyway; it and large pieces go back when they are free.

    Left alone, glibc keeps a heap for every thread and, after the first large piece, large ones in it. Children that
    are forked inherit this; the variables of the environment are read only when a program is started.
    """
    with contextlib.suppress(OSError, AttributeError):  # Not glibc.
        set_to = ctypes.CDLL("libc.so.6").mallopt
        set_to(M_ARENA_MAX, 1)
        set_to(M_MMAP_THRESHOLD, LARGE)
        set_to(M_TRIM_THRESHOLD, LARGE)


def settle() -> None:
    """When a process has made ready: what stays for good is not looked through again, and what making it took goes back."""
    gc.collect()
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
