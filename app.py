"""Starts the page: `python app.py [--host … --port … --checkpoints … --runs … --device …]`.

Flags and environment become settings, settings become objects, objects become `demo`. `gradio app.py` reloads it while
it is being worked on.
"""

import os
import sys

from dcgan.errors import DCGANError
from dcgan.web.build import build, launch_options
from dcgan.web.services import make_services
from dcgan.web.settings import read_settings

try:
    services = make_services(read_settings(sys.argv[1:] if __name__ == "__main__" else [], os.environ))
except DCGANError as error:
    sys.exit(str(error))
demo = build(services)

if __name__ == "__main__":
    try:
        demo.launch(**launch_options(services))
    finally:
        services.jobs.close()  # a training that goes on saves and stops
