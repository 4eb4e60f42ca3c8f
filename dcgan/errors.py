"""Errors for the user: each is a sentence that says what was wrong, what is allowed and what to do.

The command line prints the sentence and exits with status 1; the page shows it; the API returns it. Mistakes of the
programmer raise AssertionError or built-in exceptions instead, with a traceback.
"""


class DCGANError(Exception):
    """Base class of all errors whose message is meant for the user."""


class ConfigError(DCGANError):
    """A setting is unknown or out of range."""


class DatasetError(DCGANError):
    """Pictures could not be read, or there are too few of them."""


class CheckpointError(DCGANError):
    """A model file is missing, damaged, too new, or not a model."""


class RunError(DCGANError):
    """A training run cannot be started, found, stopped or resumed."""


class RequestError(DCGANError):
    """A request from outside (page, URL, API) carries a value that is not allowed."""


class Cancelled(Exception):
    """Nobody waits for this work any more. It is no DCGANError, because nobody reads a sentence about it."""
