"""What is counted for whoever watches the server: no names, no codes of areas."""
