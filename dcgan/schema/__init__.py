"""Types and parsers of all input: faces, edits, paths, fields, films, pictures, links and training requests.

The page's routes, the API, links, the command line and the shelf's files use these types. Every parser raises
RequestError, whose message is shown to the user. Limits that differ between installations are arguments.
"""

from dcgan.schema.base import Schema, pick, read, read_object
from dcgan.schema.edit import EDIT_KINDS, METHODS, DimEdit, DirectionEdit, Edit, LatentSpace, VectorEdit, parse_edits
from dcgan.schema.face import FACES_ON_A_SHEET, Face, Off, parse_face, parse_faces, parse_off, parse_seed
from dcgan.schema.film import MAX_FRAMES, MAX_GRID, FilmLimits, FilmSpec, parse_film
from dcgan.schema.latent_text import MAX_NZ, MAX_Z, encode_z, parse_unit_vector, parse_z
from dcgan.schema.link import LINK_PARTS, face_link, parse_link, parse_link_edits, parse_link_off
from dcgan.schema.numbers import (
    check_choice,
    check_flag,
    check_number,
    check_psi,
    check_seed,
    check_text,
    check_whole,
    flag,
    one_of,
)
from dcgan.schema.path import MAX_KEYFRAMES, MAX_KEYFRAMES_ONLINE, FieldSpec, PathSpec, parse_field, parse_path
from dcgan.schema.picture import PICTURE_FORMATS, PictureSpec, parse_picture
from dcgan.schema.request import parse_fraction, parse_model, parse_variants
from dcgan.schema.train import (
    LONGEST_TEXT,
    MOVES,
    OVERRIDES,
    CompareRequest,
    MoveRequest,
    RenameRequest,
    RunRequest,
    TrainRequest,
    parse_compare,
    parse_move,
    parse_rename,
    parse_run,
    parse_tokens,
    parse_train,
)

__all__ = [
    "EDIT_KINDS",
    "FACES_ON_A_SHEET",
    "LINK_PARTS",
    "LONGEST_TEXT",
    "MAX_FRAMES",
    "MAX_GRID",
    "MAX_KEYFRAMES",
    "MAX_KEYFRAMES_ONLINE",
    "MAX_NZ",
    "MAX_Z",
    "METHODS",
    "MOVES",
    "OVERRIDES",
    "PICTURE_FORMATS",
    "CompareRequest",
    "DimEdit",
    "DirectionEdit",
    "Edit",
    "Face",
    "FieldSpec",
    "FilmLimits",
    "FilmSpec",
    "LatentSpace",
    "MoveRequest",
    "Off",
    "PathSpec",
    "PictureSpec",
    "RenameRequest",
    "RunRequest",
    "Schema",
    "TrainRequest",
    "VectorEdit",
    "check_choice",
    "check_flag",
    "check_number",
    "check_psi",
    "check_seed",
    "check_text",
    "check_whole",
    "encode_z",
    "face_link",
    "flag",
    "one_of",
    "parse_compare",
    "parse_edits",
    "parse_face",
    "parse_faces",
    "parse_field",
    "parse_film",
    "parse_fraction",
    "parse_link",
    "parse_link_edits",
    "parse_link_off",
    "parse_model",
    "parse_move",
    "parse_off",
    "parse_path",
    "parse_picture",
    "parse_rename",
    "parse_run",
    "parse_seed",
    "parse_tokens",
    "parse_train",
    "parse_unit_vector",
    "parse_variants",
    "parse_z",
    "pick",
    "read",
    "read_object",
]
