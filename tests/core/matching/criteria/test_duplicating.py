from wayfellow.host import PluginHost
from wayfellow.matching.criteria import plugin
from wayfellow.matching.criteria.service import load_set, newest_version, save_set
from wayfellow.matching.criteria.sets import read_set
from wayfellow.matching.duplicating import duplicate_programme
from wayfellow.people.fields import sync_fields
from wayfellow.programmes.forms import save_form
from wayfellow.programmes.service import create_cycle, create_programme, list_cycles
from wayfellow.types import SYSTEM, Role


def test_a_copy_asks_and_goes_by_the_same_and_has_nobody(deployment) -> None:
    deployment.host = PluginHost.load(deployment.config, plugins=[("criteria", plugin)])
    with deployment.transaction(SYSTEM) as tx:
        sync_fields(tx)
        source = create_programme(tx, "Bridges", description="For you.", timezone="Europe/Paris")
        source.is_public = True
        create_cycle(tx, source.id, "Spring")
        save_form(tx, source.id, Role.MENTEE, {"job_title": {"asked": "no"}})
        chosen = read_set({"criteria": [{"kind": "languages", "weight": 4}]}, tx.host.criterion_kinds)
        save_set(tx, source.id, chosen, based_on=None)
        copy = duplicate_programme(tx, source.id, "Roads")
        assert (copy.description, copy.timezone, copy.form) == ("For you.", "Europe/Paris", source.form)
        assert not copy.is_public
        assert list_cycles(tx, copy.id) == []
        assert load_set(tx, copy.id, newest_version(tx, copy.id)) == chosen
