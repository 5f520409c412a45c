"""What is promised of the whole repository, checked: layers, sizes, docstrings, mirrors, documentation, packages."""
