"""Golden examples of packs (示例办件): stories in YAML, played through the real actions.

An example names people, firms and officers, then steps — who does what at which moment — and what must be true after
each. ``docs/howto/write-a-pack.md`` describes the file. Nothing in an example reaches past the actions.

>>> for file in examples_of(Path("packs/public-service/elderly-allowance")):
...     play(read_example(file))
"""

from __future__ import annotations

from shuzheng.testing.examples.stage import ExampleFailed, Stage, Upload, play
from shuzheng.testing.examples.story import Example, ExampleUnreadable, examples_of, read_example

__all__ = ["Example", "ExampleFailed", "ExampleUnreadable", "Stage", "Upload", "examples_of", "play", "read_example"]
