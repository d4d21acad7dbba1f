"""The stream of news to open pages: one listening connection a process, many readers."""
