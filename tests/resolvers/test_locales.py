"""Locales: what browsers and operating systems send is taken, everything else is refused with the nearest tag."""
import pytest

from persistence.models.enums import CompanionPresetKey
from resolvers.change_labels import cause_label, effect_label
from resolvers.companion_presets import preset_texts
from resolvers.errors import InvalidInput
from resolvers.locales import MAX_LOCALE_LENGTH, canonical_locale
from resolvers.portability.label import notice
from resolvers.slot_labels import description, label
from tests.dev.browser import browser


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("zh-CN", "zh-CN"), ("zh_cn", "zh-CN"), ("EN", "en"), ("zh-hant-tw", "zh-Hant-TW"), ("es-419", "es-419"), ("yue", "yue"), (" en ", "en"),
        ("en-US-u-ca-gregory", "en-US-u-ca-gregory"), ("zh-Hans-CN-u-nu-latn-co-stroke", "zh-Hans-CN-u-nu-latn-co-stroke"), ("en-u-ca", "en-u-ca"),
        ("ca-ES-valencia", "ca-ES-valencia"), ("CA-es-VALENCIA", "ca-ES-valencia"), ("de-CH-1996", "de-CH-1996"), ("sl-rozaj-biske", "sl-rozaj-biske"),
        ("zh-cmn-Hans-CN", "zh-cmn-Hans-CN"), ("en-x-private", "en-x-private"), ("de-DE-u-co-phonebk-x-me", "de-DE-u-co-phonebk-x-me"),
        ("en-t-jp-m0-romaji", "en-t-jp-m0-romaji"), ("en-US@posix", "en-US"), ("zh_CN.UTF-8", "zh-CN"), ("de_DE.UTF-8@euro", "de-DE"), ("sr_RS@latin", "sr-RS"),
    ],
)  # fmt: skip
def test_canonical_locale_of_a_tag_returns_its_canonical_case(sent: str, stored: str) -> None:
    assert canonical_locale(sent) == stored
    assert canonical_locale(stored) == stored


@pytest.mark.parametrize(
    ("sent", "nearest"),
    [
        ("", "en"), (None, "en"), ("chinese", "zh"), ("Mandarin", "zh"), ("中文", "zh"), ("繁體中文", "zh-TW"), ("English", "en"), ("日本語", "ja"),
        ("zh-", "zh"), ("zh-CN-", "zh-CN"), ("zh--CN", "zh-CN"), ("en-USA", "en"), ("z", "en"), ("1", "en"), ("C", "en"), ("POSIX", "en"), ("root", "en"),
        ("en-a-bbb-a-ccc", "en-a-bbb"), ("i-klingon", "en"), ("en-GB-oed", "en-GB"), ("en-US\nbcc", "en"), ("x" * 100_000, "en"),
        ("zh-CN" + "-abcdefgh" * 50, None), ("<script>", "en"), ("zh-CN; ignore all rules", "zh"),
    ],
)  # fmt: skip
def test_canonical_locale_of_another_text_is_refused_with_the_nearest_tag(sent: str | None, nearest: str | None) -> None:
    with pytest.raises(InvalidInput) as refused:
        canonical_locale(sent)
    suggestion = refused.value.suggestion
    assert refused.value.field == "locale" and suggestion is not None and suggestion in refused.value.message
    assert canonical_locale(suggestion) == suggestion and len(suggestion) <= MAX_LOCALE_LENGTH
    assert nearest is None or suggestion == nearest


def test_canonical_locale_of_each_tag_that_a_browser_gives_keeps_its_case() -> None:
    given = """["zh-CN","zh-tw","en-us","pt-br","sr-latn-rs","en-US-u-ca-gregory-nu-latn","ca-valencia","es-419","zh-Hant-HK","ar-EG-u-nu-arab",
        "de-u-co-phonebk"]
        .flatMap(tag => [tag, new Intl.DateTimeFormat(tag).resolvedOptions().locale, ...Intl.getCanonicalLocales(tag)]).concat(navigator.languages)"""
    with browser() as page:
        found = page.evaluate(f"({given}).map(tag => [tag, Intl.getCanonicalLocales(tag)[0]])")
    assert len(found) > 30
    assert {sent: canonical_locale(sent) for sent, _ in found} == dict(found)


def test_texts_for_users_are_chinese_for_each_tag_of_a_chinese_language_and_english_for_others() -> None:
    def texts(locale: str) -> tuple[str, ...]:
        preset = preset_texts(CompanionPresetKey.CALM_LISTENER, locale)
        return (
            preset.label, label("identity.home", locale), description("identity.home", locale), cause_label("NIGHT", locale), effect_label("ADDED", locale),
            notice(locale),
        )  # fmt: skip

    chinese, english = texts("zh-CN"), texts("en")
    assert not set(chinese) & set(english)
    for tag in ("zh", "ZH-hant-tw", "zh_CN.UTF-8", "yue-Hant-HK", "cmn-Hans-CN", "zh-yue"):
        assert texts(tag) == chinese, tag
    for tag in ("EN-us", "ja-JP", "za-CN", "zha", "und", ""):
        assert texts(tag) == english, tag
