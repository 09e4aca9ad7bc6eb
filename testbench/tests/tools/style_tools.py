# SPDX-License-Identifier: Apache-2.0
"""The programs that check style besides our own rules: clang-format 14 and shellcheck. Exit status 77 without them."""
import shutil
import subprocess

SKIPPED = 77


def clang_format():
    """The command of clang-format 14, or None: other versions format otherwise."""
    for name in ("clang-format-14", "clang-format"):
        if shutil.which(name):
            version = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
            if "version 14." in version:
                return name
    return None


def check_format(root, files):
    tool = clang_format()
    if tool is None:
        print("skipped: clang-format 14 is not installed")
        return SKIPPED
    return 1 if subprocess.run([tool, "--dry-run", "-Werror", *files], cwd=root, check=False).returncode else 0


def check_shell(root, files):
    if shutil.which("shellcheck") is None:
        print("skipped: shellcheck is not installed")
        return SKIPPED
    run = subprocess.run(["shellcheck", "-x", "-P", "SCRIPTDIR", *files], cwd=root, capture_output=True, text=True,
                         check=False)
    print(f"{run.stdout}{run.stderr}{len(files)} scripts")
    return 1 if run.returncode else 0
