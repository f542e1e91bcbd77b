"""One search box: what is found, in what order, and what of it is shown to whom. On both engines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select, text

from expertdesk.experts import commands
from expertdesk.experts.commands import person_data
from expertdesk.experts.queries import people
from expertdesk.experts.search import CASE, ORGANISATION, PERMIT, PERSON, Found, find
from expertdesk.foundation.database import db
from expertdesk.models import Assignment, PermitState, SearchEntry
from tests.experts.bureau import CHENGHU, make_case, make_permit, make_person


def names(found: tuple[Found, ...]) -> list[str]:
    return [hit.title for hit in found]


def entry_of(person_id: int) -> SearchEntry:
    wanted = select(SearchEntry).where(SearchEntry.kind == PERSON, SearchEntry.record_id == person_id)
    return db.session.scalars(wanted).one()


def found_people(sought: str, actor) -> list[str]:
    return names(find(sought, actor, kinds=(PERSON,)))


# (passport surname, given name, native, Chinese, nationality), and what people type to find them
FINDABLE = [
    (("WANG", "ZHENHUA", "王震华", "王震华", "SG"),
     ("震华", "王震", "华", "wangzhenhua", "zhen hua", "wzh", "ZHENHUA WANG", "Wang")),
    (("NGUYEN", "THI ANH", "Nguyễn Thị Ánh", "阮氏英", "VN"),
     ("Nguyễn", "nguyen", "NGUYÊN", "nguyen thi", "氏英", "ruan")),
    (("OEYSTEIN LUND", "KARI", "Kari Øystein Lund", "卡丽·伦德", "NO"),
     ("Øystein", "oystein", "oeystein", "lund k", "伦德")),
    (("MUELLER", "JUERGEN", "Jürgen Müller", "", "DE"), ("Müller", "muller", "mueller", "MÜLLER jurgen")),
    (("PREOBRAZHENSKII", "KONSTANTIN", "Константин Преображенский", "", "RU"), ("преображ", "КОНСТАНТИН", "preobr")),
    (("PAPADOPOULOS", "ELEFTHERIOS", "Ελευθέριος Παπαδόπουλος", "", "GR"), ("παπαδοπουλος", "Ελευθέριος", "eleft")),
    (("KIM", "MINSEO", "김민서", "金敏瑞", "KR"), ("민서", "김민", "敏瑞", "jinminrui", "kim minseo")),
    (("ABD ALRAHMAN", "MUHAMMAD", "محمد عبد الرحمن", "", "EG"), ("محمد", "الرحمن", "muhammad")),
    (("CHAURASIA", "HARIPRASAD", "हरिप्रसाद चौरसिया", "", "IN"), ("चौरसिया", "hari")),
    (("JAIDEE", "SOMCHAI", "สมชาย ใจดี", "", "TH"), ("สมชาย", "ใจดี", "somchai")),
    (("MELIKISHVILI", "GIORGI", "გიორგი მელიქიშვილი", "", "GE"), ("მელიქ", "giorgi")),
    (("TANAKA", "YUKIKO", "田中 幸子", "", "JP"), ("田中", "幸子", "tanaka")),
    (("LI", "XI", "李㛃䶮𬭎", "李㛃䶮𬭎", "SG"), ("㛃䶮", "䶮𬭎", "𬭎")),
    (("SUHARTO", "", "", "", "ID"), ("suharto", "SUHA")),
]  # fmt: skip


def test_people_are_found_in_every_script_by_parts_and_by_sound(world):
    officer = world.actor("officer")
    for (surname, given, native, chinese, country), _ in FINDABLE:
        make_person(officer, surname, given, native_name=native, chinese_name=chinese, nationality=country)
    missing = []
    for (surname, given, native, *_), typed in FINDABLE:
        wanted = native or f"{surname} {given}".strip()
        missing += [(sought, wanted) for sought in typed if wanted not in found_people(sought, officer)]
    assert missing == []
    assert found_people("nguyen", world.actor("officer")) == ["Nguyễn Thị Ánh", "N. T. M. H."]
    assert found_people("震东", officer) == [] and found_people("xyz", officer) == []


def test_numbers_are_found_as_people_type_them(world):
    officer = world.actor("officer")
    case = make_case(world.person, world.organisation_id)
    permit = make_permit(case, "JZ1234567890127")
    ana = "Ana Luísa Ferreira-Gomes"
    for sought in ("CB128382", "cb 128 382", "cb-128382", "JZ1234567890127", "jz 1234 5678 90127", "13800000416",
                   "138 0000 0416", "+86 138 0000 0416", "ana.ferreira@mail.example"):  # fmt: skip
        assert found_people(sought, officer) == [ana], sought
    assert found_people("128382", officer) == []  # a passport is found by the whole number only
    for sought in (case.number, case.number.lower(), case.number.removeprefix("ED")):
        hits = find(sought, officer, kinds=(CASE,))
        assert [(hit.number, hit.title, hit.record_id) for hit in hits] == [(case.number, ana, case.id)], sought
    assert [hit.record_id for hit in find("JZ1234567890127", officer, kinds=(PERMIT,))] == [permit.id]
    for sought in ("91110108MA01KPRT4B", "91110108 ma01kprt4b", "云溪生物", "yunxi bio", "jiangzhouyunxishengwu",
                   "09998812 3300"):  # fmt: skip
        assert names(find(sought, officer, kinds=(ORGANISATION,))) == ["江州云溪生物技术有限公司"], sought


def test_an_old_passport_and_a_former_name_still_find(world):
    officer = world.actor("officer")
    commands.add_passport(world.person_id, commands.PassportData("CZ999111", world.passport.expires_on), officer)
    commands.add_name(world.person_id, "former", "Ana Mbeki", "", "degree", officer)
    db.session.commit()
    for sought in ("CB128382", "CZ999111", "mbeki"):
        assert found_people(sought, officer) == ["Ana Luísa Ferreira-Gomes"]
    commands.remove_name(world.person_id, world.person.names[-1].id, officer)
    assert found_people("mbeki", officer) == []


def test_passport_numbers_do_not_stand_in_the_index(world):
    assert "128382" not in entry_of(world.person_id).tokens


def test_the_cases_of_a_person_follow_the_name(world):
    officer = world.actor("officer")
    mine = make_case(world.person, world.organisation_id)
    make_case(world.person, world.organisation_id, CHENGHU)
    found = find("费安娜", officer)
    assert [(hit.kind, hit.number) for hit in found] == [(PERSON, ""), (CASE, mine.number)]
    assert [hit.kind for hit in find("费安娜", world.actor("manager"))] == [PERSON, CASE, CASE]


def test_whole_words_come_before_beginnings_and_own_people_before_masked_ones(world):
    officer = world.actor("officer")
    make_person(officer, "LI", "EXACT")
    for number in range(12):
        make_person(officer, "LINDQVIST", "ABCDEFGHIJKL"[number])
    make_person(world.actor("officer2"), "LI", "HIDDEN", district=CHENGHU)
    found = find("li", officer, limit=5, kinds=(PERSON,))
    assert found[0].title == "LI EXACT" and len(found) == 5
    assert all(not hit.is_masked for hit in found)
    assert find("li", officer, limit=50, kinds=(PERSON,))[-1].is_masked


# --- who sees what ---------------------------------------------------------------------------------------------


def test_a_hit_of_another_district_is_masked_with_whom_to_ask(world):
    case = make_case(world.person, world.organisation_id)
    permit = make_permit(case)
    for sought, kind in (("费安娜", PERSON), ("CB128382", PERSON), (case.number, CASE), (permit.number, PERMIT)):
        (hit,) = find(sought, world.actor("officer2"), kinds=(kind,))
        assert hit.is_masked and hit.title == "F.-G. A. L.", sought
        assert hit.facts == ("1984", "Yunxi") and hit.district == "Yunxi"
        assert hit.ask.name == "Zhou Min"
        assert hit.lang == "" and hit.state == ""
        shown = repr(hit)
        assert not any(secret in shown for secret in ("Ferreira", "FERREIRA", "费", "1984-03-19", "CB128382"))


def test_reviewer_and_manager_see_all_and_nothing_masked(world):
    for role in ("reviewer", "manager"):
        assert found_people("nguyen", world.actor(role)) == ["Nguyễn Thị Minh Hạnh"]
        assert found_people("费安娜", world.actor(role)) == ["Ana Luísa Ferreira-Gomes"]


def test_nobody_else_finds_people(world):
    make_permit(make_case(world.person, world.organisation_id))
    for role in ("admin", "auditor", "expert", "employer"):
        assert find("费安娜", world.actor(role)) == ()


def test_liaison_finds_people_with_a_permit_in_force_and_those_looked_after(world):
    liaison = world.actor("liaison")
    assert find("ferreira", liaison) == ()
    permit = make_permit(make_case(world.person, world.organisation_id))
    assert [(hit.kind, hit.is_masked) for hit in find("ferreira", liaison)] == [(PERSON, False)]
    assert [hit.kind for hit in find(permit.number, liaison)] == [PERMIT, PERSON]
    permit.ends_on = permit.starts_on
    db.session.commit()
    assert find("ferreira", liaison) == ()
    db.session.add(
        Assignment(person_id=world.person_id, officer_id=liaison.id, level="L0", started_on=permit.starts_on)
    )
    db.session.commit()
    assert [hit.kind for hit in find("ferreira", liaison, kinds=(PERSON,))] == [PERSON]
    permit.state = PermitState.REVOKED
    db.session.commit()
    assert find(permit.number, liaison, kinds=(PERMIT,)) != ()


def test_a_case_in_the_own_district_opens_the_person(world):
    officer = world.actor("officer")
    assert find("nguyen", officer)[0].is_masked
    make_case(db.session.get_one(type(world.person), world.person2_id), world.organisation2_id)
    assert [(hit.title, hit.is_masked) for hit in find("nguyen", officer, kinds=(PERSON,))] == [
        ("Nguyễn Thị Minh Hạnh", False)
    ]


def test_lists_follow_the_same_policy(world):
    assert [row.name for row in people(world.actor("officer")).rows] == ["Ana Luísa Ferreira-Gomes"]
    page = people(world.actor("officer"), "nguyen")
    assert page.rows == () and [hit.title for hit in page.masked] == ["N. T. M. H."]
    page = people(world.actor("reviewer"), "nguyen")
    assert [row.name for row in page.rows] == ["Nguyễn Thị Minh Hạnh"] and page.masked == ()
    assert people(world.actor("liaison")).rows == ()
    assert people(world.actor("auditor")).rows == ()


# --- soundness -------------------------------------------------------------------------------------------------


HOSTILE = ["", " ", "'", '"', "*", "' OR 1=1 --", '"a" OR "b"', "a AND", "NEAR(", "tokens:a", "a & | !b", "\\", "%",
           "_", "()", "𬭎*", "a" * 5000, "😀", "-", "^a", "a:*", "\x00", "ﷺ", "1e5", "12.5", "a\u200bb"]  # fmt: skip


def test_any_text_is_only_text(world):
    for sought in HOSTILE:
        assert isinstance(find(sought, world.actor("officer")), tuple), sought
        assert people(world.actor("officer"), sought) is not None
    assert find("' OR 1=1 --", world.actor("manager")) == ()


def test_the_index_goes_back_with_the_transaction(world):
    officer = world.actor("officer")
    changed = replace(person_data(world.person), native_name="Zulmira Quixote")
    commands.update_person(world.person_id, changed, officer, None)
    assert found_people("quixote", officer) == ["Zulmira Quixote"]
    db.session.rollback()
    assert found_people("quixote", officer) == []
    assert found_people("luisa", officer) == ["Ana Luísa Ferreira-Gomes"]


def test_the_engine_reads_its_index(world):
    """The plan begins with the full-text index on both engines: search stays flat when the table grows."""
    from expertdesk.experts.index import _matching, read_query, record_ids

    query = read_query("震华")
    if db.engine.dialect.name == "sqlite":
        for statement in (_matching(query).limit(10), record_ids(PERSON, query)):
            plan = plan_of(statement, "EXPLAIN QUERY PLAN")
            assert "search_fts VIRTUAL TABLE INDEX" in plan
            assert plan.count("search_entry") == plan.count("SEARCH search_entry USING INTEGER PRIMARY KEY")
    else:
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        db.session.execute(text("SET LOCAL enable_indexscan = off"))
        for statement in (_matching(query).limit(10), record_ids(PERSON, query)):
            assert "ix_search_entry_tokens" in plan_of(statement, "EXPLAIN")


def plan_of(statement, explain: str) -> str:
    compiled = statement.compile(db.engine, compile_kwargs={"render_postcompile": True})
    values = compiled.params
    if compiled.positiontup is not None:
        values = tuple(compiled.params[name] for name in compiled.positiontup)
    return str(db.session.connection().exec_driver_sql(f"{explain} {compiled}", values).all())


def test_deleting_an_entry_takes_it_out_of_the_index(world):
    officer = world.actor("officer")
    db.session.delete(entry_of(world.person_id))
    db.session.commit()
    assert found_people("luisa", officer) == []


@pytest.mark.parametrize("limit", [1, 3])
def test_the_limit_holds(world, limit):
    for _ in range(4):
        make_person(world.actor("officer"), "SAMENAME", "X")
    assert len(find("samename", world.actor("officer"), limit=limit)) == limit
