"""What can go wrong through no fault of the code: each error is a sentence a person can act on.

The command line prints the sentence and ends with status 1; the page shows it; the API returns it. A mistake of the
*programmer* is an `assert` or a built-in exception instead, and shows its traceback.
"""


class DCGANError(Exception):
    """Parent of every error that is meant to be read by the person who runs the program."""


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
