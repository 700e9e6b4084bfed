"""The kinds of definition that casework lets packs declare."""

from __future__ import annotations

from shuzheng.engines.casework.definitions import ServiceItemDefinition, check_item
from shuzheng.engines.casework.process.check import check_process
from shuzheng.engines.casework.process.definition import ProcessDefinition, read_bpmn
from shuzheng.engines.casework.projection import project_items
from shuzheng.kernel.definition import Kind, register

PROCESS = register(
    Kind(
        name="process",
        pattern="processes/*.bpmn",
        model=ProcessDefinition,
        title="流程",
        read=read_bpmn,
        check=check_process,
    )
)
SERVICE_ITEM = register(
    Kind(
        name="service_item",
        pattern="items/*.yaml",
        model=ServiceItemDefinition,
        title="事项",
        check=check_item,
        publish=project_items,
    )
)
