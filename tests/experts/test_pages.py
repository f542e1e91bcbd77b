"""The pages of people and organisations, as people use them: forms, errors at the field, two versions, lists."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select

from expertdesk.foundation.database import db
from expertdesk.models import AccessEntry, Organisation, Passport, Person
from tests.experts.bureau import CHENGHU, counted, make_case, make_permit, make_person

LONG = "WOLFESCHLEGELSTEINHAUSENBERGERDORFF" * 3 + "ABCDEFGHIJKLMNO"


def person_pages(person_id: int) -> list[str]:
    parts = ("", "/edit", "/passports/new", "/names", "/education", "/employment", "/family")
    return ["/experts", "/experts/new", *(f"/experts/{person_id}{part}" for part in parts)]


def organisation_pages(organisation_id: int) -> list[str]:
    parts = ("", "/edit", "/contacts")
    return ["/organisations", "/organisations/new", *(f"/organisations/{organisation_id}{part}" for part in parts)]


def fill(page, action: str, **changes: str) -> dict[str, str]:
    return page.form_values(action) | changes


NEW = {
    "surname": "OKAFOR", "given_name": "CHINWE", "nationality": "NG", "birth_on": "1990-05-06", "sex": "2",
    "number": "A09876543", "expires_on": "2031-02-03", "kind": "ORDINARY", "marital": "90", "special_group": "none",
}  # fmt: skip


def test_every_page_is_sound_in_both_languages(world, client_for, read):
    make_permit(make_case(world.person, world.organisation_id))
    make_case(world.person, world.organisation_id, CHENGHU)
    for language in ("en", "zh"):
        client = client_for("officer", language)
        queries = ("experts?q=nguyen", "experts?q=zzz", "experts?after=1", "organisations?q=z", "organisations?after=1")
        lists = tuple(f"/{query}" for query in queries)
        for path in (*person_pages(world.person_id), *organisation_pages(world.organisation_id), *lists):
            read(client.get(path))


def test_nothing_is_left_untranslated(world, client_for, read):
    """In the pseudo-locale every word is either marked or data."""
    make_permit(make_case(world.person, world.organisation_id))
    client = client_for("officer", "qps")
    loose = {}
    for path in (*person_pages(world.person_id), *organisation_pages(world.organisation_id), "/experts?q=nguyen"):
        page = read(client.get(path))
        found = loose_words(page.one("main"))
        if found:
            loose[path] = found
    assert loose == {}


def loose_words(element, inside: bool = False) -> list[str]:
    tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
    inside = inside or element.get("translate") == "no" or tag in ("bdi", "script", "style")
    found = []
    for text in (element.text, *(child.tail for child in element)):
        plain = re.sub(r"⟦[^⟦⟧]*⟧", "", text or "")
        if not inside and re.search(r"[^\W\d_]", plain):
            found.append(plain.strip())
    return found + [word for child in element for word in loose_words(child, inside)]


# --- a new person ----------------------------------------------------------------------------------------------


def test_a_person_is_entered_and_shown(world, client_for, read):
    client = client_for("officer")
    page = read(client.get("/experts/new"))
    answer = client.post("/experts/new", data=fill(page, "/experts/new", **NEW, native_name="Chinwe Ọkafọ"))
    assert answer.status_code == 303
    page = read(client.get(answer.location))
    assert "The person is on file now." in page.text
    assert page.words(page.one("h1")) == "Chinwe Ọkafọ"
    for word in ("OKAFOR CHINWE", "Nigeria", "A09876543", "6 May 1990", "Valid"):
        assert word in page.text
    stored = db.session.scalars(select(Person).where(Person.surname == "OKAFOR")).one()
    assert stored.district == "990101"  # an officer of one district need not choose it


def test_mistakes_stand_at_their_fields_and_what_was_typed_stays(world, client_for, read):
    for language, said in (("en", "Enter the name as the passport spells it."), ("zh", "请按护照拼写填写姓名。")):
        client = client_for("officer", language)
        bad = NEW | {"surname": "", "given_name": "", "native_name": "하나", "nationality": "QQ", "email": "a@",
                     "birth_on": "1990-02-30", "number": "№5", "expires_on": "",
                     "residence_ends_on": "soon"}  # fmt: skip
        page = read(client.post("/experts/new", data=bad), 422)
        assert said in page.text and page.one("title").text.startswith(("Error:", "有误"))
        for field in ("surname", "nationality", "birth_on", "email", "number", "expires_on", "residence_ends_on"):
            assert page.all("a", href=f"#{field}"), field
            assert page.root.find(f".//*[@id='{field}']").get("aria-invalid") == "true", field
        values = page.form_values("/experts/new")
        assert (values["native_name"], values["number"], values["email"]) == ("하나", "№5", "a@")
    assert db.session.scalars(select(Person).where(Person.given_name == "CHINWE")).first() is None


def test_hostile_bytes_are_refused_at_the_field(world, client_for, read):
    form = {"content_type": "application/x-www-form-urlencoded"}
    for raw in (b"surname=A%00B", b"surname=A%ED%A0%80B", b"surname=" + b"A" * 300, b"birth_on=20261399"):
        page = read(client_for("officer").post("/experts/new", data=raw, **form), 422)
        assert page.all("a", href="#" + raw.partition(b"=")[0].decode()), raw


def test_an_officer_invites_from_the_page_of_the_person_and_of_the_organisation(world, client_for, read):
    client = client_for("officer")
    person, organisation = f"/experts/{world.person_id}", f"/organisations/{world.organisation_id}"
    for address, field in ((person, "passport"), (organisation, "organisation")):
        links = [link.get("href") for link in read(client.get(address)).all("a")]
        invite = next(link for link in links if link and link.startswith("/administration/invitations"))
        form = read(client.get(invite)).form_values("/administration/invitations")
        assert form[field], "the form knows whom it is for"
    others = read(client_for("reviewer").get(f"/experts/{world.person_id}"))
    assert "Invite to sign in" not in others.text


def test_possible_duplicates_are_shown_and_a_person_decides(world, client_for, read):
    client = client_for("officer")
    same = NEW | {"surname": "FERREIRA GOMES", "given_name": "ANA LUIZA", "nationality": "PT", "birth_on": "1984-03-19"}
    page = read(client.post("/experts/new", data=same), 422)
    assert "Possible duplicates" in page.text and "Probably the same person" in page.text
    assert page.all("a", href=f"/experts/{world.person_id}")
    answer = client.post("/experts/new", data=same | {"is_another": "y"})
    assert answer.status_code == 303
    db.session.expire_all()
    assert len(db.session.scalars(select(Person).where(Person.birth_on == date(1984, 3, 19))).all()) == 2


def test_duplicates_of_another_district_stay_masked_on_the_page(world, client_for, read):
    same = NEW | {"surname": "NGUYEN", "given_name": "THI MINH HAHN", "nationality": "VN", "birth_on": "1990-07-02"}
    page = read(client_for("officer").post("/experts/new", data=same), 422)
    assert "N. T. M. H." in page.text and "Han Xue" in page.text and "Chenghu" in page.text
    assert "Nguyễn" not in page.html and f"/experts/{world.person2_id}" not in page.html


def test_the_same_form_sent_twice_makes_one_person(world, client_for):
    client = client_for("officer")
    assert client.post("/experts/new", data=NEW).status_code == 303
    assert client.post("/experts/new", data=NEW | {"is_another": "y"}).status_code == 422
    assert len(db.session.scalars(select(Passport).where(Passport.number == "A09876543")).all()) == 1


def test_the_passport_lines_of_icao_fill_the_fields(world, client_for, read):
    lines = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    client = client_for("officer")
    page = read(client.post("/experts/new", data={"mrz": lines, "do": "read"}))
    values = page.form_values("/experts/new")
    assert (values["surname"], values["given_name"], values["number"]) == ("ERIKSSON", "ANNA MARIA", "L898902C3")
    assert (values["birth_on"], values["expires_on"], values["sex"]) == ("1974-08-12", "2012-04-15", "2")
    assert values["nationality"] == "" and "Utopia" in page.text
    page = read(client.post("/experts/new", data={"mrz": lines.replace("7408122", "7408123"), "do": "read"}), 422)
    assert page.form_values("/experts/new")["surname"] == "" and page.all("a", href="#mrz")


# --- changing --------------------------------------------------------------------------------------------------


def test_two_people_save_the_second_chooses_field_by_field(world, client_for, read):
    path = f"/experts/{world.person_id}/edit"
    first, second = client_for("officer"), client_for("officer", "zh")
    mine = fill(read(first.get(path)), "/edit", phone="+86 139 1111 2222", birth_place="Porto")
    theirs = fill(read(second.get(path)), "/edit", phone="+86 137 0000 9999", nationality="BR")
    assert second.post(path, data=theirs).status_code == 303
    page = read(first.post(path, data=mine), 409)
    assert "Somebody else saved first" in page.text and "周敏" in page.text
    for word in ("+86 137 0000 9999", "+86 139 1111 2222", "Brazil", "Portugal", "Porto"):
        assert word in page.text
    db.session.expire_all()
    assert world.person.phone == "+86 137 0000 9999"
    chosen = page.form_values("/edit")
    assert chosen["phone"] == "+86 139 1111 2222" and chosen["nationality"] == "PT"  # mine are preset
    chosen["nationality"] = "BR"
    assert first.post(path, data=chosen).status_code == 303
    db.session.expire_all()
    person = world.person
    assert (person.phone, person.nationality, person.birth_place) == ("+86 139 1111 2222", "BR", "Porto")


def test_a_form_without_a_version_is_stale(world, client_for):
    path = f"/experts/{world.person_id}/edit"
    data = {"surname": "OTHER", "nationality": "PT", "birth_on": "1984-03-19", "sex": "2", "marital": "90"}
    answer = client_for("officer").post(path, data=data | {"special_group": "none"})
    assert answer.status_code == 409


def test_a_list_is_edited_as_rows(world, client_for, read):
    client, path = client_for("officer"), f"/experts/{world.person_id}/education"
    page = read(client.get(path))
    data = fill(page, "/education", **{
        "rows-0-level": "11", "rows-0-school": "Universidade do Porto", "rows-0-from_month": "2007年9月",
        "rows-1-level": "", "rows-1-school": "Liceu",
    })  # fmt: skip
    page = read(client.post(path, data=data), 422)
    assert page.all("a", href="#rows-1-level")
    assert page.form_values("/education")["rows-0-school"] == "Universidade do Porto"
    page = read(client.post(path, data=data | {"do": "more"}))
    assert "rows-2-school" in page.form_values("/education")
    assert client.post(path, data=data | {"rows-1-level": "61"}).status_code == 303
    db.session.expire_all()
    assert [row.school for row in world.person.education] == ["Universidade do Porto", "Liceu"]
    page = read(client.get(path))
    assert client.post(path, data=fill(page, "/education", **{"rows-0-remove": "y"})).status_code == 303
    page = read(client.get(f"/experts/{world.person_id}"))
    assert "Liceu" in page.text and "Universidade" not in page.text


def test_two_versions_of_a_list_row_by_row(world, client_for, read):
    client, path = client_for("officer"), f"/experts/{world.person_id}/employment"
    seen = fill(read(client.get(path)), "/employment")
    row = {"rows-0-employer": "Theirs", "rows-0-from_month": "2015-01"}
    assert client.post(path, data=seen | row).status_code == 303
    mine = seen | {"rows-0-employer": "Mine", "rows-0-from_month": "2016-02", "rows-1-employer": "Also mine",
                   "rows-1-from_month": "2018-03"}  # fmt: skip
    page = read(client.post(path, data=mine), 409)
    assert "Theirs" in page.text and "Mine" in page.text
    chosen = page.form_values("/employment")
    stored = next(field for field in page.all("input", name="chosen-0") if "Theirs" in field.get("value", ""))
    assert client.post(path, data=chosen | {"chosen-0": stored.get("value")}).status_code == 303
    db.session.expire_all()
    assert [item.employer for item in world.person.employment] == ["Theirs", "Also mine"]


def test_names_and_passports_are_added_on_their_pages(world, client_for, read):
    client, base = client_for("officer"), f"/experts/{world.person_id}"
    page = read(client.get(f"{base}/names"))
    data = fill(page, "/names", text="Ана Феррейра", kind="other", source="other", source_text="")
    assert read(client.post(f"{base}/names", data=data), 422).all("a", href="#source_text")
    assert client.post(f"{base}/names", data=data | {"source_text": "Moscow contract 2011"}).status_code == 303
    page = read(client.get(f"{base}/names"))
    assert "Ана Феррейра" in page.text and "Moscow contract 2011" in page.text
    (form,) = [form for form in page.all("form") if (form.get("action") or "").endswith("/remove")]
    assert client.post(form.get("action")).status_code == 303
    data = fill(read(client.get(f"{base}/passports/new")), "/passports/new", number="CB128382", expires_on="2032-01-01")
    assert "list already" in read(client.post(f"{base}/passports/new", data=data), 422).text
    assert client.post(f"{base}/passports/new", data=data | {"number": "CB555666"}).status_code == 303
    page = read(client.get(base))
    assert page.text.index("CB555666") < page.text.index("CB128382")


def test_the_language_switch_keeps_what_was_typed(world, client_for, read):
    client, path = client_for("officer"), f"/experts/{world.person_id}/edit"
    typed = fill(read(client.get(path)), "/edit", birth_place="half typed", switch_language="zh")
    answer = client.post(path, data=typed)
    assert answer.status_code == 303
    page = read(client.get(answer.location))
    assert page.root.get("lang") == "zh-CN"
    values = page.form_values("/edit")
    assert values["birth_place"] == "half typed" and values["version"] == typed["version"]
    assert read(client.get(path)).form_values("/edit")["birth_place"] == ""  # a fresh page is fresh
    rows = f"/experts/{world.person_id}/family"
    data = fill(read(client.get(rows)), "/family", switch_language="en") | {"rows-0-latin_name": "PEREIRA JOAO"}
    page = read(client.get(client.post(rows, data=data).location))
    assert page.form_values("/family")["rows-0-latin_name"] == "PEREIRA JOAO"


# --- organisations ---------------------------------------------------------------------------------------------


def test_an_organisation_is_entered_with_an_old_code_and_its_reason(world, client_for, read):
    client = client_for("officer")
    data = {"name_zh": "江州旧码机械厂", "credit_code": "91110108551385083Q", "district": "990101"}
    page = read(client.post("/organisations/new", data=data), 422)
    assert page.all("a", href="#credit_code") and page.all("input", id="credit_code_note")
    answer = client.post("/organisations/new", data=data | {"credit_code_note": "执照原件即为此号"})
    assert answer.status_code == 303 and answer.location.endswith("/contacts")
    page = read(client.post("/organisations/new", data=data | {"credit_code": "91110108MA01KPRT4B"}), 422)
    assert "江州云溪生物技术有限公司" in page.text
    made = db.session.scalars(select(Organisation).where(Organisation.name_zh == "江州旧码机械厂")).one()
    page = read(client.get(f"/organisations/{made.id}"))
    assert "fails its check; accepted" in page.text and "执照原件即为此号" in page.text


def test_contacts_and_stale_organisations(world, client_for, read):
    client, base = client_for("officer"), f"/organisations/{world.organisation_id}"
    page = read(client.get(f"{base}/contacts"))
    data = fill(page, "/contacts", **{"rows-1-name": "白露", "rows-1-email": "bad"})
    assert read(client.post(f"{base}/contacts", data=data), 422).all("a", href="#rows-1-email")
    edit = fill(read(client.get(f"{base}/edit")), "/edit", address="新址2号")
    assert client.post(f"{base}/contacts", data=data | {"rows-1-email": "bai@lu.example"}).status_code == 303
    page = read(client.post(f"{base}/edit", data=edit), 409)
    assert "新址2号" in page.text
    assert client.post(f"{base}/edit", data=page.form_values("/edit")).status_code == 303
    db.session.expire_all()
    assert world.organisation.address == "新址2号"
    assert world.organisation.contacts[0].id == world.contact_id


# --- lists, access, budget -------------------------------------------------------------------------------------


def test_lists_go_page_by_page_both_ways(world, client_for, read):
    officer = world.actor("officer")
    made = [make_person(officer, "PAGE", "X" * (number + 1)).id for number in range(65)]
    client, seen, path = client_for("officer"), [], "/experts?q=page"
    pages = []
    while path:
        page = read(client.get(path))
        pages.append(path)
        seen += [int(link.get("href").rpartition("/")[2]) for link in page.all("a", class_="ed-who")]
        following = page.all("a", rel="next")
        path = following[0].get("href") if following else ""
    assert seen == sorted(made, reverse=True) and len(pages) == 3
    back = read(client.get(pages[2])).all("a", rel="prev")[0].get("href")
    assert read(client.get(back)).text == read(client.get(pages[1])).text
    first = read(client.get(read(client.get(back)).all("a", rel="prev")[0].get("href")))
    assert [int(link.get("href").rpartition("/")[2]) for link in first.all("a", class_="ed-who")] == seen[:30]
    assert not first.all("a", rel="prev")


def test_addresses_that_lead_nowhere(world, client_for):
    client = client_for("officer")
    for path in (f"/experts/{world.person2_id}", f"/experts/{world.person2_id}/edit", "/experts/999999", "/experts/0",
                 "/experts/99999999999999999999", "/experts/-1", "/organisations/99999999999999999999",
                 f"/experts/{world.person_id}/secrets"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    for query in ("after=x", "after=-5", "after=99999999999999999999", "before=%00", "after=٣"):
        assert client.get(f"/experts?{query}").status_code == 200, query


def test_who_may_open_what(world, client_for, visitor):
    make_permit(make_case(world.person, world.organisation_id))
    may_read = {"officer": 200, "officer2": 404, "reviewer": 200, "liaison": 200, "manager": 200,
                "admin": 403, "auditor": 403, "expert": 403, "employer": 403}  # fmt: skip
    for role, status in may_read.items():
        client = client_for(role)
        assert client.get(f"/experts/{world.person_id}").status_code == status, role
        assert client.get("/experts").status_code == (403 if status == 403 else 200), role
        edits = 403 if role not in ("officer", "officer2") else status
        assert client.get(f"/experts/{world.person_id}/edit").status_code == edits, role
        assert client.post(f"/experts/{world.person_id}/family", data={}).status_code in ({303, edits} - {200}), role
        assert client.post("/organisations/new", data={}).status_code == (422 if "officer" in role else 403), role
    assert visitor.get("/experts").status_code == 303


def test_that_the_passport_number_was_shown_is_noted(world, client_for):
    client_for("officer").get(f"/experts/{world.person_id}")
    db.session.expire_all()
    entry = db.session.scalars(select(AccessEntry).where(AccessEntry.record_kind == "person")).one()
    assert (entry.action, entry.record_id, entry.detail) == ("viewed", world.person_id, "passport")
    assert entry.account_id == world.accounts["officer"]


def test_long_and_rare_names_stand_whole_on_every_page(world, client_for, read):
    officer = world.actor("officer")
    person = make_person(officer, LONG, "", native_name="㛃䶮𬭎", chinese_name="㛃䶮𬭎", nationality="DE")
    client = client_for("officer", "zh")
    for path in person_pages(person.id)[2:]:
        page = read(client.get(path))
        assert "㛃䶮𬭎" in page.text + str(page.form_values() if path.endswith("edit") else ""), path
    page = read(client.get("/experts?q=䶮𬭎"))
    assert LONG in page.text and page.all("bdi", lang="zh")


def test_pages_ask_the_database_little_and_no_more_when_there_is_more(world, client_for):
    client = client_for("officer")
    paths = ["/experts", "/experts?q=li", f"/experts/{world.person_id}", "/organisations", "/organisations?q=江州",
             f"/organisations/{world.organisation_id}"]  # fmt: skip

    def budget() -> dict[str, int]:
        found = {}
        for path in paths:
            client.get(path)
            with counted() as sent:
                assert client.get(path).status_code == 200
            found[path] = len(sent)
        return found

    before = budget()
    officer = world.actor("officer")
    for number in range(20):
        make_person(officer, "LI", "ABCDEFGHIJKLMNOPQRST"[number], district="990101" if number % 2 else CHENGHU)
        make_case(world.person, world.organisation_id, "990101" if number % 2 else CHENGHU)
    after = budget()
    assert all(count <= 8 for count in after.values()), after
    assert all(after[path] <= before[path] + 3 for path in paths), (before, after)  # masked hits and whom to ask


def test_the_search_page_shows_people_of_other_districts_masked_and_without_a_link(world, client_for, read):
    case = make_case(world.person, world.organisation_id)
    page = read(client_for("officer2").get("/search?q=费安娜"))
    assert "F.-G. A. L." in page.text and "Zhou Min" in page.text
    assert f"/experts/{world.person_id}" not in page.html and "Ferreira" not in page.html
    page = read(client_for("officer2").get(f"/search?q={case.number.removeprefix('ED')}"))
    assert "F.-G. A. L." in page.text and f"/cases/{case.number}" not in page.html
    page = read(client_for("officer").get("/search?q=费安娜"))
    assert page.all("a", href=f"/experts/{world.person_id}") and case.number in page.text
