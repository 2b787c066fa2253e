"""Take out of a TensorFlow wheel what tfjs-node needs: two shared libraries and the C headers.

    python take_tensorflow.py WHEEL FOLDER

FOLDER gets include/ and lib/, in the layout in which tfjs-node looks for its own download of libtensorflow.
"""

import shutil
import sys
import zipfile
from pathlib import Path

LIBRARIES = {
    # name in the wheel: the name under which the linker looks for it
    "libtensorflow_cc.so.2": "libtensorflow.so",
    "libtensorflow_framework.so.2": "libtensorflow_framework.so",
}


def main(wheel, folder):
    lib = folder / "lib"
    lib.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        for entry in archive.infolist():
            path = entry.filename.removeprefix("tensorflow/")
            if path in LIBRARIES:
                target = lib / path
            elif path.startswith("include/") and not entry.is_dir():
                target = folder / path
            else:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(entry) as source, open(target, "wb") as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
    for real, alias in LIBRARIES.items():
        if not (lib / real).exists():
            sys.exit(f"{Path(wheel).name} holds no {real}")
        (lib / alias).symlink_to(real)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
