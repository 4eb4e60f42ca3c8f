"""`python -m dcgan …`"""

import os
import sys

if __name__ == "__main__":
    # Let OpenMP's threads sleep while they wait for each other. By default they spin, and so take the processor from
    # the very thread they wait for as soon as another program is busy, too. Read when torch is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from dcgan.cli import main

    sys.exit(main())
