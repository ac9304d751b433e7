"""Pairs of spellings of one word, and pairs of different words that a careless comparison would take for one."""
from __future__ import annotations

import unicodedata


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(one, other) for one, _, other in (pair.partition("=") for pair in text.split())]


def _decomposed(words: str) -> list[tuple[str, str]]:
    return [(word, unicodedata.normalize("NFD", word)) for word in words.split()]


EQUAL: list[tuple[str, str]] = [
    *_pairs(
        """
        café=cafe CAFÉ=café naïve=naive résumé=resume Zürich=zurich São=sao Ångström=angstrom jalapeño=jalapeno crème=CREME Müller=muller
        piñata=pinata façade=facade Dvořák=dvorak Łódź=lodz Ørsted=orsted Đà=da Gdańsk=gdansk Besançon=besancon Türkiye=turkiye Phở=pho
        señora=SENORA Ħamrun=hamrun
        """
    ),  # accents, and letters with strokes
    *_decomposed(
        "café naïve Zürich Ångström piñata Dvořák Phở 한국 서울 부산 김치 안녕하세요 대한민국 떡볶이 값 ガイド パン ベルリン ёлка кофейня Αθήνα"
    ),
    *_pairs(
        """
        STRASSE=Straße GROẞ=gross Weiß=WEISS МОСКВА=Москва ΑΘΗΝΑ=αθηνα ΟΔΟΣ=οδός Ελλάς=ΕΛΛΑΣ ЧАЙ=чай İstanbul=istanbul ISTANBUL=İstanbul
        ışık=IŞIK Diyarbakır=DİYARBAKIR DIYARBAKIR=diyarbakır İzmir=izmir Iğdır=iğdır KAHVALTI=kahvaltı McDonald=MCDONALD iPhone=IPHONE
        ÉCOLE=école ÑANDÚ=ñandú ŒUVRE=œuvre Привет=ПРИВЕТ
        """
    ),  # case
    *_pairs(
        """
        ﬁne=fine eﬀort=effort oﬃce=office baﬄe=baffle ﬂower=flower ﬅone=stone Æsop=aesop cœur=coeur œuf=oeuf Ǆungla=džungla ĳsberg=ijsberg
        Þór=thor Ⅻ=XII №=no ㎞=km
        """
    ),  # ligatures and characters of compatibility
    *_pairs(
        """
        ＡＢＣ=abc ｘｙｚ=XYZ １２３=123 Ｃ++=c++ ＃tag=#tag ｱｲｽ=アイス ｶﾞｲﾄﾞ=ガイド ﾊﾟﾝ=パン ﾃﾚﾋﾞ=テレビ ５G=5g Ｗｉｆｉ=wifi
        ｊａｚｚ=Jazz １００％=100% 你好！=你好! 什么？=什么?
        """
    ),  # width
    *_pairs(
        """
        it’s=it's it's=itʼs don‘t=don't we´re=we're o＇clock=o'clock rock’n’roll=rock'n'roll L’Oréal=l'oreal O’Brien=o'brien
        d′accord=d'accord y‛all=y'all “quoted”="quoted" „Zitat“="zitat" «mot»="mot" 「引号」="引号" 《书名》="书名" ＂wide＂="wide"
        ‹une›='une' ma`am=ma'am Hawai‘i=hawai'i Qur’an=qur'an
        """
    ),  # apostrophes and quotes
    *_pairs(
        """
        co-operate=cooperate e‐mail=e-mail e‑mail=email well–known=well-known x—ray=x-ray self−care=self-care re‒enter=reenter
        Jean-Luc=JEAN‐LUC T－shirt=t-shirt Covid-19=covid19 GPT-4=gpt4 wi-fi=wifi 10–20=10-20 1990—1995=1990-1995 2026‑11=2026-11
        check-in=checkin semi﹣final=semifinal mother-in-law=motherinlaw pre-war=prewar co־op=co-op
        """
    ),  # hyphens
    ("co\u00adoperate", "cooperate"), ("zero\u200bwidth", "zerowidth"), ("join\u2060er", "joiner"), ("\ufeffmark", "mark"), ("left\u200eright", "leftright"),
    ("می\u200cخواهم", "میخواهم"), ("soft\u00adware", "software"), ("Donau\u00addampf\u00adschiff", "donaudampfschiff"), ("台\u200b北", "台北"),
    ("한\u200b글", "한글"), ("\u2068iso\u2069late", "isolate"), ("mon\u180egol", "mongol"), ("left\u202aover", "leftover"), ("e\u2043book", "ebook"),
    ("heart\ufe0f", "heart"), ("مَدْرَسَة", "مدرسة"), ("שָׁלוֹם", "שלום"), ("كـتـاب", "كتاب"), ("ｚｅｒｏ\u200dｊｏｉｎ", "zerojoin"),
    *_pairs(
        """
        臺灣=台湾 臺北=台北 台灣=台湾 頭髮=头发 後來=后来 發現=发现 愛情=爱情 學習=学习 電腦=电脑 電話=电话 麵包=面包 麵條=面条 乾淨=干净
        幹活=干活 裡面=里面 裏面=里面 為什麼=为什么 爲什麼=为什么 瞭解=了解 著急=着急 鍾錶=钟表 隻身=只身 祇有=只有 喫飯=吃饭 衛生=卫生
        衞生=卫生 羣眾=群众 群衆=群众 歲月=岁月 憂鬱=忧郁 龍眼=龙眼 烏龜=乌龟 體驗=体验 聽説=听说 聽說=听说 歷史=历史 日曆=日历 複雜=复杂
        恢復=恢复 製造=制造 颱風=台风 檯燈=台灯 籃球=篮球 遊戲=游戏 雞蛋=鸡蛋 鷄蛋=鸡蛋 豬肉=猪肉 鹽=盐 醬油=酱油 臺中=台中 澀谷=涩谷
        濛濛=蒙蒙 葉子=叶子 餘下=余下 徵求=征求 藉口=借口 醜陋=丑陋 鬍鬚=胡须 鬆餅=松饼 穀物=谷物 範圍=范围 捲髮=卷发 採訪=采访 傢俱=家俱
        週末=周末 畫畫=画画
        """
    ),  # Traditional and Simplified Chinese
]  # fmt: skip

DIFFERENT: list[tuple[str, str]] = [
    *_pairs(
        """
        cafe=cave naive=native resume=rename strasse=strase fine=find abc=abd 10-20=1020 7:30=730 it's=itch don't=dent office=orifice
        台湾=台弯 头发=头像 后来=后天 发现=出现 面包=面条 干净=安静 钟表=钟声 坐下=座下 等待=等呆 大象=大像 果子=菓孑 한국=중국
        서울=서글 값=감 ガイド=カイト パン=バン ハン=バン Москва=Москит чай=час istanbul=instabul ışık=aşk æsop=asop thor=tor gpt4=gpt5
        covid19=covid20 １２３=124 wifi=wife email=mail2 cooperate=corporate 土=士 日=曰 未=末 己=已 人=入 天=夫
        """
    ),
]  # fmt: skip
