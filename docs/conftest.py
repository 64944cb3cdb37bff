"""Lessons and settings are run by the build, not imported by tests."""

collect_ignore = ["conf.py"]
collect_ignore_glob = ["lessons/*", "gallery/*", "_build/*"]
