"""Lessons and settings are run by the build, not imported by tests."""

collect_ignore = ["conf.py"]
collect_ignore_glob = ["course/lesson_*.py", "lessons/*", "gallery/*", "_build/*"]
