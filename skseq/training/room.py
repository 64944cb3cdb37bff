"""Room for one more program in this process.

XLA keeps every program that it compiled until the process ends, and maps some two
hundred pieces of memory for each. Linux allows a process 65,530 of them; the one that
goes beyond is ended by a segmentation fault.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["check_room"]

LIMIT = Path("/proc/sys/vm/max_map_count")
MAPS = Path("/proc/self/maps")
# What one program may take at most: layers in both directions map a thousand pieces.
SPARE = 4000


def check_room() -> None:
    """Refuse to compile one more program where the system may not map it.

    Raises
    ------
    RuntimeError
        If the process is near the number of memory maps that it may have.
    """
    try:
        limit = int(LIMIT.read_text())
        with MAPS.open("rb") as maps:
            used = sum(1 for _ in maps)
    except OSError:  # a system that has no such limit
        return
    if used > limit - SPARE:
        raise RuntimeError(
            f"This process has {used} of the {limit} memory maps that the system "
            "allows it, most of them for programs that fits of other shapes were "
            "compiled to; XLA lets go of none before the process ends. Fit in another "
            "process (those of a search with n_jobs=2 have their own), or raise the "
            "limit: sysctl vm.max_map_count."
        )
