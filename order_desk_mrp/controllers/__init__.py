from . import drawing
