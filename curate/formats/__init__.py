"""Reading and writing: containers hold rows, layouts hold conversations."""
