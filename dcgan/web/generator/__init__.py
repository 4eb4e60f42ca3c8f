"""The generator in the visitor's browser: what the page needs to draw pictures without the server."""
