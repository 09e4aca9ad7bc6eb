# SPDX-License-Identifier: Apache-2.0
"""What style_check.py must report, and what it must not: a tree without a finding, and texts that break one rule each."""
import contextlib
import io
import pathlib
import shutil
import subprocess
import tempfile

import style_tools

HEAD = "// SPDX-License-Identifier: Apache-2.0\n// Counts frames,\n// one by one.\n"
CMAKE = "# SPDX-License-Identifier: Apache-2.0\n"
GLOSSARY = "# Words\n\n| term | meaning | not |\n|---|---|---|\n| frame | What is on the wire. | packet, pkt |\n"
MAP = "`hw`, `hw/sub`, `hw/sub/in`, `model`, `driver_sim`, `rtl` and `testbench` are rooms.\n"
CLEAN = {
    "docs/glossary.md": GLOSSARY,
    "docs/developing.md": MAP,
    "docs/c.md": "`A::p` and `p` in `hw/a.cpp`, `p` (`hw/a.cpp`), `q` in `hw/none.cc`.\n",
    "docs/b.md": "`hw/a.hpp`, `hw/sub/`, `hw/CMakeLists.txt`, `hw/FOLDER/x.hpp`, `hw/a.pcap` and `hw/*.hpp` may be named.\n",
    "hw/CMakeLists.txt": CMAKE + "overrun_room(SOURCES a.cpp sub/b.cpp PRIVATE fmt::fmt)\noverrun_room_tests()\n",
    "hw/sub/CMakeLists.txt": CMAKE + "overrun_room()\n",
    "hw/sub/in/CMakeLists.txt": CMAKE + "overrun_room(USES hw/sub)\n",
    "model/CMakeLists.txt": CMAKE + "overrun_room(USES hw)\n",
    "driver_sim/CMakeLists.txt": CMAKE + "overrun_room(USES hw)\n",
    "rtl/CMakeLists.txt": CMAKE + "overrun_room(USES hw)\n",
    "testbench/CMakeLists.txt": CMAKE + "overrun_room(USES hw model  # a comment\n  driver_sim)\n",
    "hw/a_test.cpp": HEAD,
    "hw/a.cpp": HEAD + '#include "hw/a.hpp"\n// a packet\nconst char* p = "pkt";\nint packet_buffer_kib = 1\'000;\n',
    "hw/a.hpp": HEAD + "#pragma once\n#include <vector>\n",
    "hw/sub/b.cpp": HEAD,
    "hw/nic_systemc.hpp": HEAD + '#include <systemc>\n#include "hw/a.hpp"\n',
    "testbench/t.hpp": HEAD + '#include "model/m.hpp"\n#include "driver_sim/d.hpp"\n',
    "rtl/nic.sv": HEAD + "module nic;\nendmodule\n",
    "tool.py": "#!/usr/bin/env python3\n# SPDX-License-Identifier: Apache-2.0\n",
    "docs/a.md": "A packet goes to /proc/net.\n",
}
# rule, path, line where it must be reported, text
BROKEN = (
    ("spdx", "hw/x.hpp", 1, "// Overrun\n// Counts frames.\n"),
    ("spdx", "x.py", 2, "#!/usr/bin/env python3\nimport os\n"),
    ("header", "hw/x.hpp", 2, "// SPDX-License-Identifier: Apache-2.0\n#pragma once\n"),
    ("header", "hw/x.hpp", 2, "// SPDX-License-Identifier: Apache-2.0\n// Counts\n#pragma once\n"),
    ("header", "hw/b_test.cpp", 2, "// SPDX-License-Identifier: Apache-2.0\nint x;\n"),
    ("line_length", "hw/x.hpp", 4, HEAD + "//" + "x" * 119 + "\n"),
    ("line_length", "rtl/x.sv", 4, HEAD + "//" + "x" * 99 + "\n"),
    ("blanks", "hw/x.hpp", 4, HEAD + "\tint x;\n"),
    ("blanks", "hw/x.hpp", 4, HEAD + "int x; \n"),
    ("blanks", "hw/x.hpp", 4, HEAD + "int x;"),
    ("file_length", "hw/x.hpp", 401, HEAD + "\n" * 397 + "int x;\n"),
    ("rooms", "hw/x.hpp", 4, HEAD + '#include "model/engine.hpp"\n'),
    ("rooms", "hw/x.hpp", 4, HEAD + '#include "hw/sub/b.hpp"\n'),
    ("rooms", "model/x.hpp", 4, HEAD + '#include "driver_sim/bus.hpp"\n'),
    ("rooms", "testbench/x.hpp", 4, HEAD + '#include "rtl/engine.hpp"\n'),
    ("rooms", "hw/other/x.hpp", 1, HEAD),
    ("map", "docs/developing.md", 1, MAP.replace("`hw/sub`", "`hw/`")),
    ("room_order", "hw/sub/CMakeLists.txt", 2, CMAKE + "overrun_room(USES model)\n"),
    ("room_order", "model/CMakeLists.txt", 4, CMAKE + "overrun_room(\n  SOURCES\n  USES hw driver_sim)\n"),
    ("room_order", "driver_sim/CMakeLists.txt", 2, CMAKE + "overrun_room(USES hw model)\n"),
    ("room_order", "rtl/CMakeLists.txt", 2, CMAKE + "overrun_room(USES hw model)\n"),
    ("room_order", "hw/sub/CMakeLists.txt", 2, CMAKE + "overrun_room(USES hw/sub/in)\n"),
    ("includes", "hw/x.hpp", 4, HEAD + '#include "time.hpp"\n'),
    ("includes", "hw/x.hpp", 4, HEAD + "#include <hw/base/time.hpp>\n"),
    ("systemc", "hw/x.hpp", 4, HEAD + "#include <systemc>\n"),
    ("systemc", "hw/x.hpp", 4, HEAD + "#include <tlm_utils/simple_target_socket.h>\n"),
    ("systemc", "hw/x.hpp", 4, HEAD + '#include "hw/nic_systemc.hpp"\n'),
    ("in_cmake", "hw/x.cpp", 1, HEAD),
    ("in_cmake", "hw/sub/a.cpp", 1, HEAD),
    ("in_cmake", "hw/sub/a_test.cpp", 1, HEAD),
    ("glossary", "hw/x.hpp", 4, HEAD + "int packet_count;\n"),
    ("glossary", "hw/x.hpp", 4, HEAD + "int sent_packets;\n"),
    ("glossary", "hw/x.hpp", 5, HEAD + "/* a\n*/ struct RxPkt;\n"),
    ("glossary", "docs/glossary.md", 6, GLOSSARY + "| edge | A rise. | |\n"),
    ("glossary", "docs/glossary.md", 6, GLOSSARY + "| ring | A circle. It turns. | |\n"),
    ("glossary", "docs/glossary.md", 6, GLOSSARY + "| ring | a circle | |\n"),
    ("document_name", "docs/x.md", 1, "It is `A::gone` in `hw/a.cpp`.\n"),
    ("document_name", "docs/x.md", 1, "It is `p` and `A::gone` (`hw/a.cpp`).\n"),
    ("document_path", "docs/x.md", 1, "Look into `hw/sub/c.cpp`.\n"),
    ("document_path", "docs/x.md", 2, "All of\n`hw/gone/` is new.\n"),
    ("left_over", "docs/x.md", 1, "TO" + "DO: more\n"),
    ("left_over", "hw/x.hpp", 4, HEAD + "// FIX" + "ME\n"),
    ("machine_path", "docs/x.md", 1, "cd /home" + "/me/overrun\n"),
)


def self_test(style, root):
    wrong = [f"reported without cause: {finding}" for finding in style.findings(CLEAN)]
    wrong += [f"no text breaks the rule {name}" for name in style.RULES if name not in {rule for rule, *_ in BROKEN}]
    for rule, path, line, text in BROKEN:
        found = {(where, at, name) for where, at, name, _ in style.findings({**CLEAN, path: text})}
        if found != {(path, line, rule)}:
            wrong.append(f"{rule}: {text!r} in {path} gave {sorted(found)}")
    if style_tools.clang_format() is not None:
        for text, good in (("int  x ;\n", False), ("int x;\n", True)):
            run = subprocess.run([style_tools.clang_format(), "--dry-run", "-Werror", "--assume-filename=hw/x.hpp"],
                                 input=text, cwd=root, capture_output=True, text=True, check=False)
            if (run.returncode == 0) != good:
                wrong.append(f"clang-format on {text!r}: {run.returncode}")
    with tempfile.TemporaryDirectory() as folder:
        for text, status in ((CLEAN["hw/a.hpp"], 0), (HEAD + '#include "model/m.hpp"\n', 1), ("#pragma once\n", 1),
                             (HEAD + "//" + "x" * 119 + "\n", 1)):
            for path, one in {**CLEAN, "CMakeLists.txt": CMAKE, "hw/a.hpp": text}.items():
                (pathlib.Path(folder) / path).parent.mkdir(parents=True, exist_ok=True)
                (pathlib.Path(folder) / path).write_text(one, encoding="utf-8")
            with contextlib.redirect_stdout(io.StringIO()):
                got = style.main([folder])
            if got != status:
                wrong.append(f"a tree with {text!r} ends with {got}")
    scripts = {"run": "#!/usr/bin/env bash\n", "a.sh": "", "b.py": "#!/usr/bin/env python3\n", "c.md": "bash\n"}
    if style.shell_scripts(scripts) != ["run", "a.sh"]:
        wrong.append(f"shell scripts among {sorted(scripts)}: {style.shell_scripts(scripts)}")
    if shutil.which("shellcheck"):
        with tempfile.TemporaryDirectory() as folder:
            for text, status in (("#!/bin/bash\nrm $1\n", 1), ('#!/bin/bash\nrm "$1"\n', 0)):
                (pathlib.Path(folder) / "run").write_text(text, encoding="utf-8")
                with contextlib.redirect_stdout(io.StringIO()):
                    got = style_tools.check_shell(folder, ["run"])
                if got != status:
                    wrong.append(f"shellcheck on {text!r}: {got}")
    print("\n".join(wrong) or f"{len(BROKEN)} broken texts for {len(style.RULES)} rules, each reported")
    return 1 if wrong else 0
