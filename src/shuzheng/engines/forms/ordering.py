"""The order in which the parts of a form are worked out: each after everything that it depends on."""

from __future__ import annotations

from graphlib import TopologicalSorter

from shuzheng.engines.forms.compiled import Block, Question


def dependency_order(blocks: tuple[Block, ...]) -> tuple[Block | Question, ...]:
    """Return sections and questions, each after what its visibility or value reads. Raises graphlib.CycleError."""
    parts: dict[str, Block | Question] = {}
    graph: dict[str, set[str]] = {}
    for block in blocks:
        owner = block.owner
        parts[owner], graph[owner] = block, set(block.when.reads)
        local = {question.code: question.node for question in block.questions}
        for question in block.questions:
            reads = question.when.reads | (question.computed.reads if question.computed else frozenset())
            graph[question.node] = {owner, *(local.get(read, read) for read in reads)}
            parts[question.node] = question
    return tuple(parts[node] for node in TopologicalSorter(graph).static_order() if node in parts)
