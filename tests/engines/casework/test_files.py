"""Files among the materials of a case: who may do what with them, and which case they belong to."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from shuzheng.engines.casework.actions.correcting import CorrectAnswers
from shuzheng.engines.casework.actions.intake import AcceptCase
from shuzheng.engines.casework.dossier import content_of
from shuzheng.engines.casework.files import cases_of, files_of, uses_of_material
from shuzheng.engines.casework.models import Case, Material
from shuzheng.engines.casework.queries import whole_case
from shuzheng.engines.documents.actions import SetRetention
from shuzheng.engines.documents.errors import FollowsArchive
from shuzheng.engines.documents.models import StoredFile
from shuzheng.engines.documents.policies import LOOK, NOTHING, OWN
from shuzheng.kernel.actor import Actor
from shuzheng.testing.casework import file_case
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


def test_files_among_the_answers_belong_to_the_case(
    bureau: Bureau, resident: Actor, a_file: Callable[[Actor], str]
) -> None:
    face, first, second = (a_file(resident) for _n in range(3))
    answers = {"photo": [face], "places": [{"site_photo": [first, second]}, {}]}
    case = file_case(resident, "test-photo", answers=answers)
    wanted = {UUID(id) for id in (face, first, second)}
    assert files_of(case.pk) == wanted
    assert cases_of([UUID(second)]) == {case.pk}
    file = StoredFile.objects.get(pk=face)
    assert uses_of_material(resident, file) == OWN
    assert uses_of_material(bureau.acceptor, file) == LOOK
    assert uses_of_material(a_bureau("civil-affairs").acceptor, file) == NOTHING
    with pytest.raises(FollowsArchive):
        SetRetention.do(resident, file_id=file.pk, period="1年")
    packed = content_of(whole_case(case.pk))["documents"]
    assert {UUID(str(entry["file"])) for entry in packed} == wanted
    assert {entry["title"] for entry in packed} == {"免冠照片", "现场照片"}
    AcceptCase.do(bureau.acceptor, case_id=case.pk)
    CorrectAnswers.do(bureau.handler, case_id=case.pk, answers={"person_name": "李梅"}, reason="电话核实姓名写法")
    assert files_of(case.pk) == wanted
    CorrectAnswers.do(bureau.handler, case_id=case.pk, answers={"photo": []}, reason="照片是别人的，已电话核实")
    assert files_of(case.pk) == wanted - {UUID(face)}
