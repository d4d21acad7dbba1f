"""The pages: a layout, and callbacks that translate and delegate."""
