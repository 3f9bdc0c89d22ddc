"""countenance compares a face at a checkpoint with exactly the references a published charter allows."""

__version__ = "0.1.0"
