"""HTML by function calls, under the name by which the demo's parts know it."""

from countenance.interfaces.markup import Html, Part, join, tag

__all__ = ["Html", "Part", "join", "tag"]
