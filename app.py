"""Starts the page: `python app.py [--host … --port … --checkpoints … --runs … --device …]`.

Flags and environment become settings, settings become objects, objects become `demo`. `gradio app.py` reloads it while
it is being worked on. SIGTERM, as a container sends it, ends the page as Ctrl-C does: temporary files are deleted.
"""

import os
import signal
import sys

from dcgan.errors import DCGANError
from dcgan.memory import share_arenas
from dcgan.web.folders import GRADIO_TEMP_DIR, choose_runs, choose_temporary_folder
from dcgan.web.settings import read_settings

try:
    settings = read_settings(sys.argv[1:] if __name__ == "__main__" else [], os.environ)
    settings = choose_runs(settings, os.environ, print)
    temporary_folder, holder = choose_temporary_folder(os.environ, print)
    # Gradio reads it when it is imported, so the imports that follow stand here.
    os.environ[GRADIO_TEMP_DIR] = str(temporary_folder)
    from dcgan.web.build import build, launch_options
    from dcgan.web.services import make_services

    share_arenas()
    services = make_services(settings)
except DCGANError as error:
    sys.exit(str(error))
demo = build(services)

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    try:
        services.speeds.measure()  # the Train tab says how long a run will take
        demo.launch(**launch_options(services))
    finally:
        services.speeds.close()
        services.jobs.close()  # a training that goes on saves and stops
