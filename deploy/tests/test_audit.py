"""Reading what pip-audit says; it ends with 0 also when it could ask nobody."""

import json

import pytest

from deploy.audit import read_audit

pytestmark = pytest.mark.once


def report(*packages):
    return json.dumps({"dependencies": list(packages), "fixes": []})


def test_a_clean_report_is_one_that_audited_something():
    read = read_audit(report({"name": "django", "version": "5.2", "vulns": []}))

    assert read == {"audited": 1, "not_audited": 0, "vulnerable": {}}


def test_packages_that_nobody_knows_are_counted():
    read = read_audit(report({"name": "django", "skip_reason": "not found on PyPI and could not be audited"}))

    assert read == {"audited": 0, "not_audited": 1, "vulnerable": {}}


def test_weaknesses_are_named():
    read = read_audit(report({"name": "django", "version": "1.0", "vulns": [{"id": "PYSEC-1"}]}))

    assert read["vulnerable"] == {"django": ["PYSEC-1"]}


def test_no_report_is_no_clean_report():
    assert read_audit("")["not_audited"] == 1
