"""Files among the materials of a case: who may do what with them, and which case they belong to."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from shuzheng.engines.casework.files import cases_of, files_of, uses_of_material
from shuzheng.engines.casework.models import Case, Material
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.policies import LOOK, NOTHING, OWN
from shuzheng.kernel.actor import Actor
from tests.engines.casework.conftest import Bureau, a_bureau


def test_the_party_hands_in_elsewhere_and_the_bureau_only_looks(
    case: Case, resident: Actor, bureau: Bureau, a_file: Callable[[Actor], str]
) -> None:
    file = StoredFile.objects.get(pk=a_file(resident))
    assert uses_of_material(bureau.acceptor, file) == NOTHING
    Material.objects.update_or_create(
        case=case, code="photo", defaults={"title": "照片", "state": "given", "files": [{"id": str(file.pk)}]}
    )
    assert uses_of_material(resident, file) == OWN
    assert uses_of_material(bureau.acceptor, file) == LOOK
    assert uses_of_material(a_bureau("civil-affairs").acceptor, file) == NOTHING
    assert cases_of([file.pk]) == {case.pk}
    assert files_of(case.pk) == {UUID(str(file.pk))}
    assert cases_of([]) == set()
