"""An interactive DCGAN: train it, drag its latent space, film it, put it on a page."""

__version__ = "0.1.0"
