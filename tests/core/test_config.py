"""The configuration is one file with the environment over it; each mistake gets a sentence."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayfellow.config import Config, default_config, load_config
from wayfellow.config_file import write_disabled
from wayfellow.config_mail import MailSettings
from wayfellow.errors import WayfellowError
from wayfellow.secret import secret_key

FULL = """\
[wayfellow]
database_url = "postgresql+psycopg:///wayfellow"
data_dir = "data"
organisation = "Kaffeehaus München"
secret_key = "s3cret"
base_url = "https://mentors.example.org"
strict = true

[mail]
host = "smtp.example.org"
security = "ssl"
user = "wayfellow"
password = "s3cret too"
sender = "Mentoring <mentoring@example.org>"

[plugins]
disabled = ["surveys"]
priority = { timezones = -10, tfidf = 2 }

[plugin.tfidf]
min_df = 2
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str) -> Path:
    path = folder / "wayfellow.toml"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_of_the_file_is_read(here: Path) -> None:
    path = write(here, FULL)
    assert load_config(path, {}) == Config(
        data_dir=here / "data",
        database_url="postgresql+psycopg:///wayfellow",
        organisation="Kaffeehaus München",
        secret_key="s3cret",
        base_url="https://mentors.example.org",
        strict=True,
        disabled_plugins=frozenset({"surveys"}),
        plugin_priority={"timezones": -10, "tfidf": 2},
        plugin_settings={"tfidf": {"min_df": 2}},
        mail=MailSettings(
            host="smtp.example.org",
            port=465,
            security="ssl",
            user="wayfellow",
            password="s3cret too",
            sender="Mentoring <mentoring@example.org>",
        ),
        path=path,
        fixed=frozenset(
            {
                "wayfellow.database_url",
                "wayfellow.organisation",
                "wayfellow.secret_key",
                "wayfellow.base_url",
                "wayfellow.strict",
                "tfidf.min_df",
            }
        ),
    )


def test_without_a_file_the_data_lie_below_the_working_folder(here: Path) -> None:
    assert load_config(None, {}) == default_config(here / "var")


def test_the_environment_wins(here: Path) -> None:
    path = write(here, FULL)
    environ = {
        "WAYFELLOW_DATABASE_URL": "sqlite:////srv/one.sqlite",
        "WAYFELLOW_DATA_DIR": "elsewhere",
        "WAYFELLOW_ORGANISATION": "Other",
        "WAYFELLOW_STRICT": "off",
        "WAYFELLOW_BASE_URL": "",
        "WAYFELLOW_LOG": "json",
    }
    config = load_config(path, environ)
    assert (config.database_url, config.organisation, config.strict) == ("sqlite:////srv/one.sqlite", "Other", False)
    assert config.data_dir == here / "elsewhere"
    assert config.base_url == "https://mentors.example.org", "an empty variable says nothing"


def test_the_file_is_looked_for_in_this_order(here: Path) -> None:
    assert load_config(None, {}).path is None
    in_var = write(here / "var", '[wayfellow]\norganisation = "var"\n')
    assert load_config(None, {}).path == in_var
    assert load_config(None, {}).data_dir == here / "var"
    in_data = write(here / "data", "")
    assert load_config(None, {"WAYFELLOW_DATA_DIR": "data"}).path == in_data
    in_here = write(here, "")
    assert load_config(None, {}).path == in_here
    assert load_config(None, {}).data_dir == here / "var"
    assert load_config(None, {"WAYFELLOW_CONFIG": str(in_var)}).path == in_var
    assert load_config(in_data, {"WAYFELLOW_CONFIG": str(in_var)}).path == in_data


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("sqlite:///mine.sqlite", "sqlite:///{here}/var/mine.sqlite"),
        ("sqlite:////srv/mine.sqlite", "sqlite:////srv/mine.sqlite"),
        ("sqlite+pysqlite:///mine.sqlite", "sqlite+pysqlite:///{here}/var/mine.sqlite"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite://", "sqlite://"),
        ("postgresql:///mine", "postgresql:///mine"),
    ],
)
def test_a_relative_sqlite_file_lies_in_the_data_folder(url: str, opened: str, here: Path) -> None:
    path = write(here, f'[wayfellow]\ndatabase_url = "{url}"\n')
    assert load_config(path, {}).database_url == opened.format(here=here)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[wayfelow]\n", r"wayfellow.toml: wayfelow is not known here. Did you mean wayfellow\?"),
        (
            "organisation = 'x'\n",
            "wayfellow.toml: organisation is not known here. Known are: wayfellow, mail, oidc, plugins, plugin",
        ),
        ("wayfellow = 1\n", r"\[wayfellow\] is 1. Write a table"),
        (
            "[wayfellow]\norganization = 'x'\n",
            r"\[wayfellow\] organization is not known here. Did you mean organisation",
        ),
        ("[wayfellow]\nstrict = 'yes'\n", r"\[wayfellow\] strict is 'yes'. Write true or false"),
        ("[wayfellow]\nbase_url = 1\n", r"\[wayfellow\] base_url is 1. Write text in quotes"),
        ("[plugins]\ndisable = []\n", r"\[plugins\] disable is not known here. Did you mean disabled\?"),
        ("[plugins]\ndisabled = 'surveys'\n", r'disabled is \'surveys\'. Write a list of names, such as \["surveys"\]'),
        ("[plugins]\ndisabled = [1]\n", "Write a list of names"),
        ("[plugins]\npriority = 1\n", "priority is 1. Write a table"),
        ("[plugins.priority]\ntfidf = 'first'\n", "priority.tfidf is 'first'. Write a whole number"),
        ("[plugins.priority]\ntfidf = true\n", "priority.tfidf is True. Write a whole number"),
        ("[plugin]\ntfidf = 3\n", r"\[plugin.tfidf\] is 3. Write a table"),
        ("[wayfellow\n", r"wayfellow.toml can't be read as TOML: .*line 1"),
    ],
)
def test_a_mistake_in_the_file_gets_a_sentence(text: str, sentence: str, here: Path) -> None:
    with pytest.raises(WayfellowError, match=sentence):
        load_config(write(here, text), {})


def test_a_binary_file_gets_a_sentence(here: Path) -> None:
    (here / "wayfellow.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WayfellowError, match="can't be read as TOML"):
        load_config(None, {})


@pytest.mark.parametrize("named", [(Path("none.toml"), {}), (None, {"WAYFELLOW_CONFIG": "none.toml"})])
def test_a_named_file_must_be_there(named: tuple[Path | None, dict[str, str]], here: Path) -> None:
    with pytest.raises(WayfellowError, match=r"There is no configuration file none.toml. .*wayfellow init"):
        load_config(*named)


def test_a_wrong_truth_in_the_environment_gets_a_sentence(here: Path) -> None:
    with pytest.raises(WayfellowError, match="The environment variable WAYFELLOW_STRICT is 'perhaps'"):
        load_config(None, {"WAYFELLOW_STRICT": "perhaps"})


def test_secrets_are_not_shown(here: Path) -> None:
    config = load_config(write(here, FULL.replace("///wayfellow", "//me:hush@host/wayfellow")), {})
    assert "s3cret" not in repr(config)
    assert "hush" not in repr(config)


def test_the_secret_key_is_made_once_and_for_its_owner_only(here: Path) -> None:
    config = default_config(here / "new")
    key = secret_key(config)
    assert len(key) >= 64
    assert secret_key(config) == key
    assert [path.name for path in config.data_dir.iterdir()] == ["secret.key"]
    assert (config.data_dir / "secret.key").stat().st_mode & 0o777 == 0o600


def test_a_configured_key_makes_no_file(here: Path) -> None:
    assert secret_key(load_config(write(here, FULL), {})) == "s3cret"
    assert not (here / "data").exists()


def test_an_empty_key_file_gets_a_sentence(here: Path) -> None:
    (here / "secret.key").write_text("")
    with pytest.raises(WayfellowError, match=r"is empty. Restore it from a backup, or delete it"):
        secret_key(default_config(here))


EDITS = [
    "",
    "# ours\n",
    "[wayfellow]\norganisation = 'Ours' # as printed\n",
    "[plugins]\n",
    "[plugins] # all of them\npriority = { tfidf = 1 }\n\n[plugin.tfidf]\nmin_df = 2\n",
    "[plugins]\ndisabled = []\n",
    "[plugins]\n# off since May\ndisabled = ['surveys', \"x\"] # for now\npriority = {}\n",
    "[plugins]\npriority = {}\n  disabled = [\n  'surveys',\n  'x',\n]\n[plugin.x]\ndisabled = [1]\n",
    "[plugin.x]\ndisabled = ['a']\n",
    "\ufeff[wayfellow]\r\nstrict = false\r\n[plugins]\r\ndisabled = []\r\n",
    "[wayfellow]\nstrict = true",
    "[plugins]\r\n[wayfellow]\r\nstrict = true\r\n",
    "[wayfellow]\r\nstrict = true\r\n",
]


@pytest.mark.parametrize("text", EDITS)
def test_switching_off_changes_that_alone(text: str, here: Path) -> None:
    path = write(here, text)
    before = load_config(path, {})
    assert write_disabled(before, ["b", "a"]) == path
    after = load_config(path, {})
    assert after.disabled_plugins == {"a", "b"}
    assert (after.organisation, after.plugin_priority, after.plugin_settings) == (
        before.organisation,
        before.plugin_priority,
        before.plugin_settings,
    )
    for line in text.splitlines():
        assert "#" not in line or line.rpartition("#")[2] in path.read_text()
    assert "\r" not in text or (path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n") > 0)


@settings(deadline=None)
@given(
    after=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4, unique=True),
    comment=st.text(st.characters(exclude_categories=["Cc", "Cs"])),
)
def test_any_names_can_be_switched_off(
    after: list[str], comment: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = write(
        tmp_path_factory.mktemp("edit"), f"# {comment}\n[plugins]\ndisabled = []\n[plugin.x]\ny = 1 # {comment}\n"
    )
    write_disabled(load_config(path, {}), after)
    assert load_config(path, {}).disabled_plugins == set(after)
    assert load_config(path, {}).plugin_settings == {"x": {"y": 1}}


@pytest.mark.parametrize(
    "text",
    ["plugins.disabled = []\n", "[plugins]\ndisabled = [\n  'a', # since May\n]\n", "plugins = { disabled = [] }\n"],
)
def test_what_cannot_be_edited_safely_is_left_alone(text: str, here: Path) -> None:
    path = write(here, text)
    with pytest.raises(WayfellowError, match=r'can\'t be edited safely. Write below \[plugins\]: disabled = \["x"\]'):
        write_disabled(load_config(path, {}), ["x"])
    assert path.read_text() == text
    assert [item.name for item in here.iterdir()] == ["wayfellow.toml"]


def test_without_a_file_one_is_made_in_the_data_folder(here: Path) -> None:
    path = write_disabled(load_config(None, {}), ["x"])
    assert path == here / "var" / "wayfellow.toml"
    assert load_config(None, {}).disabled_plugins == {"x"}


def test_the_rights_of_the_file_stay(here: Path) -> None:
    path = write(here, "")
    path.chmod(0o640)
    write_disabled(load_config(path, {}), ["x"])
    assert path.stat().st_mode & 0o777 == 0o640


MAIL = """\
[wayfellow]
base_url = "https://mentors.example.org"
[mail]
host = "smtp.example.org"
sender = "mentoring@example.org"
"""


def test_the_password_of_mail_comes_from_the_environment_or_a_file(here: Path) -> None:
    (here / "mail.password").write_text("from a file\n")
    path = write(here, f'{MAIL}user = "w"\npassword_file = "mail.password"\n')
    config = load_config(path, {"WAYFELLOW_MAIL_PORT": "2525", "WAYFELLOW_MAIL_SECURITY": "none"})
    assert config.mail is not None
    assert (config.mail.password, config.mail.port, config.mail.security) == ("from a file", 2525, "none")
    assert "from a file" not in repr(config)
    config = load_config(write(here, MAIL), {"WAYFELLOW_MAIL_USER": "w", "WAYFELLOW_MAIL_PASSWORD": "by variable"})
    assert config.mail is not None
    assert (config.mail.password, config.mail.port, config.mail.address) == (
        "by variable",
        587,
        "mentoring@example.org",
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[mail]\nport = 25\n", r"wayfellow.toml: \[mail\] has port but no host. Name the mail server"),
        ("[mail]\nhost = 'x'\nsender = 'a@b'\n", r"\[mail\] needs base_url in \[wayfellow\]"),
        (f"{MAIL}security = 'tls'\n", "security is 'tls'. Write one of: starttls, ssl, none"),
        (f"{MAIL}port = 70000\n", "port is 70000. Write a number from 1 to 65535, such as 587"),
        (MAIL.replace("mentoring@", "mentoring at "), "Write the address that mails come from"),
        (f"{MAIL}user = 'w'\n", r"needs user and password \(or password_file\) together"),
        (f"{MAIL}user = 'w'\npassword = 'x'\npassword_file = 'y'\n", "both password and password_file"),
        (f"{MAIL}user = 'w'\npassword_file = 'missing'\n", "password_file missing can't be read: No such file"),
        (f"{MAIL}user = 'w'\npassword = 123456\n", r"\[mail\] password is of the wrong kind. Write text in quotes"),
        (f"{MAIL}hots = 'x'\n", "Did you mean host"),
    ],
)
def test_a_mistake_about_mail_gets_a_sentence(text: str, sentence: str, here: Path) -> None:
    with pytest.raises(WayfellowError, match=sentence) as refusal:
        load_config(write(here, text), {})
    assert "123456" not in str(refusal.value)


OIDC = """\
[wayfellow]
base_url = "https://mentors.example.org"
[oidc]
issuer = "https://login.example.org"
client_id = "wayfellow"
"""


def test_the_provider_is_named_with_a_secret_from_a_file_or_the_environment(here: Path) -> None:
    (here / "oidc.secret").write_text("from a file\n")
    config = load_config(write(here, f'{OIDC}client_secret_file = "oidc.secret"\nnew_people = true\n'), {})
    assert config.oidc is not None
    assert (config.oidc.client_secret, config.oidc.new_people) == ("from a file", True)
    assert "from a file" not in repr(config)
    config = load_config(write(here, OIDC), {"WAYFELLOW_OIDC_CLIENT_SECRET": "x", "WAYFELLOW_OIDC_LABEL": " ID "})
    assert config.oidc is not None
    assert (config.oidc.client_secret, config.oidc.name) == ("x", "ID")
    on_this_machine = OIDC.replace("https://login.example.org", "http://127.0.0.1:9000/realms/x")
    assert load_config(write(here, f"{on_this_machine}client_secret = 'x'\n"), {}).oidc is not None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[oidc]\nclient_id = 'x'\n", r"wayfellow.toml: \[oidc\] has client_id but no issuer. Name the provider"),
        ("[oidc]\nissuer = 'https://x'\n", r"\[oidc\] needs base_url in \[wayfellow\]"),
        (OIDC.replace("client_id", "label"), "has no client_id"),
        (OIDC, "has no client_secret. Write it, or name the file"),
        (f"{OIDC}client_secret = 123456\n", r"\[oidc\] client_secret is of the wrong kind"),
        (f"{OIDC}client_secret = 'x'\nclient_secret_file = 'y'\n", "both client_secret and client_secret_file"),
        (f"{OIDC}client_secret_file = 'missing'\n", "client_secret_file missing can't be read: No such file"),
        (OIDC.replace("https:", "http:") + "client_secret = 'x'\n", "issuer is 'http://login.example.org'"),
        (OIDC.replace('.org"\nclient', '.org?x=y"\nclient') + "client_secret = 'x'\n", "issuer is "),
        (f"{OIDC}client_secret = 'x'\nisuer = 'x'\n", "Did you mean issuer"),
    ],
)
def test_a_mistake_about_the_provider_gets_a_sentence(text: str, sentence: str, here: Path) -> None:
    with pytest.raises(WayfellowError, match=sentence) as refusal:
        load_config(write(here, text), {})
    assert "123456" not in str(refusal.value)
