"""
The steps of a Dockerfile, executed without docker: each stage is an overlay over this machine's own root.

Instructions are carried out as they stand, by root in a chroot, in a mount namespace that ends with the process. The
base image is stood in for by this machine with a Python in /usr/local; what the steps write goes to the overlay alone.
Needs root and Linux; no container runtime.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

#: Mounts a stage over the machine's root, and runs a command in it as somebody.
_ENTER = """
set -eu
mount -t overlay overlay -o "lowerdir=/,upperdir=$STAGE/upper,workdir=$STAGE/work" "$STAGE/root"
mount --bind "$STAGE_PYTHON" "$STAGE/root/usr/local"
mount --bind /dev "$STAGE/root/dev"
mount -t proc proc "$STAGE/root/proc"
mount -t tmpfs -o mode=1777 tmpfs "$STAGE/root/dev/shm"
if [ -n "$STAGE_READ_ONLY" ]; then
    # As `docker run --read-only --tmpfs /tmp -v …:/var/lib/mediagateway` has it.
    mount -t tmpfs -o mode=1777 tmpfs "$STAGE/root/tmp"
    mount -t tmpfs -o mode=0750,uid=10001,gid=10001 tmpfs "$STAGE/root/var/lib/mediagateway"
    mount -o remount,ro,bind "$STAGE/root/usr/local"
    mount -o remount,ro "$STAGE/root"
fi
exec chroot "$STAGE/root" setpriv --reuid "$STAGE_UID" --regid "$STAGE_UID" --clear-groups -- \
    sh -c 'cd "$STAGE_FOLDER" && exec "$@"' sh "$@"
"""


@dataclass(slots=True)
class Stage:
    """
    One stage of a build.

    Attributes:
        folder: Where its overlay lies.
        python: The folder that stands in for the base image's /usr/local.
        environ: What ENV has set.
        workdir: Where commands run.
        user: Numeric user and group of commands.
        command: What CMD says.
        healthcheck: What HEALTHCHECK says.
    """

    folder: Path
    python: Path
    environ: dict[str, str] = field(default_factory=dict)
    workdir: str = "/"
    user: str = "0"
    command: list[str] = field(default_factory=list)
    healthcheck: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir(parents=True)

    def start(self, command: list[str], *, read_only: bool = False, **environ: str) -> "subprocess.Popen[bytes]":
        """Run a command in the stage; its output goes to a pipe."""
        path = "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"
        packaging = {name: value for name, value in os.environ.items() if name.upper().startswith("PIP_")}
        expanded = {name: value.replace("$PATH", path) for name, value in self.environ.items()}
        # The base image has told the loader of its libpython by ldconfig.
        variables = {"PATH": path, "LD_LIBRARY_PATH": "/usr/local/lib", **packaging, **expanded, **environ}
        variables |= {
            "STAGE": str(self.folder),
            "STAGE_PYTHON": str(self.python),
            "STAGE_UID": self.user,
            "STAGE_FOLDER": self.workdir,
            "STAGE_READ_ONLY": "yes" if read_only else "",
        }
        return subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "sh", *command],
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, command: list[str], **environ: str) -> str:
        """Run a command to its end; its output."""
        process = self.start(command, read_only=False, **environ)
        output, _ = process.communicate(timeout=1800)
        assert process.returncode == 0, output.decode(errors="replace")
        return output.decode()


def read_instructions(dockerfile: Path) -> list[tuple[str, str]]:
    """Split a Dockerfile into instructions and what follows them, comments gone and continued lines joined."""
    lines = [line for line in dockerfile.read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", " ", "\n".join(lines))
    return [(word, rest.strip()) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def build(dockerfile: Path, context: Path, folder: Path, python: Path) -> Stage:
    """Carry a Dockerfile out, and hand over its last stage."""
    stages: dict[str, Stage] = {}
    stage = None
    for instruction, rest in read_instructions(dockerfile):
        if instruction == "FROM":
            name = rest.partition(" AS ")[2] or "final"
            assert re.match(r"python:\S+-slim-bookworm", rest), "the stand-in is a Python on Debian 12"
            stage = stages[name] = Stage(folder / name, python)
        elif stage is not None:
            _carry_out(instruction, rest, stage, stages, context)
    assert stage is not None
    return stage


def _carry_out(instruction: str, rest: str, stage: Stage, stages: dict[str, Stage], context: Path) -> None:
    """Carry one instruction out; one that is not known is an error, so that none is passed over."""
    match instruction:
        case "ENV":
            stage.environ |= {name: value for name, _, value in (pair.partition("=") for pair in shlex.split(rest))}
        case "WORKDIR":
            stage.workdir = rest
            _inside(stage, rest).mkdir(parents=True, exist_ok=True)
        case "COPY":
            _copy(rest, stage, stages, context)
        case "RUN":
            stage.run(["sh", "-c", rest])
        case "USER":
            stage.user = rest.split(":")[0]
        case "CMD":
            stage.command = json.loads(rest)
        case "HEALTHCHECK":
            stage.healthcheck = json.loads(rest.partition("CMD ")[2])
        case "LABEL" | "EXPOSE" | "STOPSIGNAL":
            pass  # They change nothing inside.
        case _:
            raise AssertionError(f"{instruction} is not known here")


def _inside(stage: Stage, path: str) -> Path:
    """Find where a path of the stage lies in its overlay."""
    return stage.folder / "upper" / str(PurePosixPath(stage.workdir, path)).lstrip("/")


def _copy(rest: str, stage: Stage, stages: dict[str, Stage], context: Path) -> None:
    """Copy from the context, without what .dockerignore keeps out, or from another stage."""
    words = shlex.split(rest)
    if words[0].startswith("--from="):
        source, target = words[1:]
        origin = stages[words[0].partition("=")[2]].folder / "upper"
        shutil.copytree(origin / source.lstrip("/"), _inside(stage, target), symlinks=True, dirs_exist_ok=True)
        return
    *sources, target = words
    for source in sources:
        into = _inside(stage, target) / Path(source).name if target.endswith("/") else _inside(stage, target)
        into.parent.mkdir(parents=True, exist_ok=True)
        if (context / source).is_dir():
            ignored = shutil.ignore_patterns("tests", "__pycache__", "testing")
            shutil.copytree(context / source, into, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy(context / source, into)
