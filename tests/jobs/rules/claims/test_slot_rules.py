# ruff: noqa: E501 - cases are one line each
"""Statements that affirm a value of the slots for names, birthdays, languages, health, goals and the like, and of users' own slots; and statements that do not."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.claims.affirmations import AFFIRMATIONS
from jobs.rules.claims.judgement import Cited
from jobs.rules.claims.messages import Message
from jobs.rules.claims.signals import SignalJudgement, judge_signal
from jobs.rules.slots import SLOTS

DAY = date(2026, 5, 20)
BIKE = "Bike what I ride"
TEAM = "My football club"


def judge(slot: str, value: str, text: str, *, topic: str = "", polarity: str = "POSITIVE") -> SignalJudgement:
    """Judge a signal that quotes the whole text."""
    return judge_signal(slot, value, polarity, [Cited(Message(text), DAY, 0, len(text))], topic)


@pytest.mark.parametrize(("slot", "value", "text"), [
    ("identity.name", "Anna Berg", "My name is Anna Berg."),
    ("identity.name", "陈薇", "我叫陈薇。"),
    ("identity.name", "Lin", "I'm Lin, nice to meet you."),
    ("identity.name", "陈薇", "我是陈薇。"),
    ("identity.form_of_address", "Annie", "Please call me Annie."),
    ("identity.form_of_address", "Annie", "You can call me Annie."),
    ("identity.form_of_address", "小陈", "叫我小陈就好。"),
    ("identity.form_of_address", "小陈", "你叫我小陈就行。"),
    ("identity.form_of_address", "they/them", "My pronouns are they/them."),
    ("identity.form_of_address", "您", "请用您称呼我。"),
    ("identity.form_of_address", "小陈", "大家都叫我小陈。"),
    ("identity.form_of_address", "Annie", "Everyone calls me Annie."),
    ("identity.birthday", "May 2", "My birthday is May 2."),
    ("identity.birthday", "2 May 1990", "I was born on 2 May 1990."),
    ("identity.birthday", "5月2日", "我的生日是5月2日。"),
    ("identity.birthday", "5月2号", "我是5月2号生日。"),
    ("identity.birthday", "1990年5月2日", "我1990年5月2日出生。"),
    ("identity.birthday", "May 2nd", "It's my birthday on May 2nd."),
    ("identity.birthday", "2nd of May", "my birthday is on the 2nd of May"),
    ("identity.languages", "Portuguese", "I speak Portuguese and a bit of Dutch."),
    ("identity.languages", "Mandarin", "I'm learning Mandarin."),
    ("identity.languages", "粤语", "我会说粤语。"),
    ("identity.languages", "法语", "我在学法语。"),
    ("identity.languages", "Dutch", "My mother tongue is Dutch."),
    ("identity.places", "Kunming", "I'm from Kunming."),
    ("identity.places", "Pudong", "My office is in Pudong."),
    ("identity.places", "Bergen", "I grew up in Bergen."),
    ("identity.places", "昆明", "我老家在昆明。"),
    ("identity.places", "青岛", "我在青岛长大。"),
    ("identity.places", "hometown Kunming", "My hometown is Kunming."),
    ("identity.possessions", "red Brompton", "I ride a red Brompton."),
    ("identity.possessions", "自行车", "我有一辆红色的自行车。"),
    ("identity.possessions", "piano", "I have a piano."),
    ("identity.possessions", "Subaru", "My old Subaru broke down again."),
    ("relationships.pets", "cat Momo", "Our cat Momo sleeps all day."),
    ("relationships.pets", "dog Coco", "My dog Coco ate my shoe."),
    ("relationships.pets", "乌龟", "我养了一只乌龟。"),
    ("relationships.pets", "猫团子", "我家的猫团子又拆家了。"),
    ("relationships.dates", "Anna's birthday May 5", "Anna's birthday is May 5."),
    ("relationships.dates", "mum's birthday 3 March", "My mum's birthday is on 3 March."),
    ("relationships.dates", "妈妈的生日3月8日", "妈妈的生日是3月8日。"),
    ("relationships.dates", "wedding anniversary June 12", "Our wedding anniversary is on June 12."),
    ("decisions.goals", "run a marathon", "My goal is to run a marathon."),
    ("decisions.goals", "learn the guitar", "I want to learn the guitar."),
    ("decisions.goals", "学吉他", "我想学吉他。"),
    ("decisions.goals", "跑完全马", "我的目标是跑完全马。"),
    ("decisions.goals", "考研", "我打算考研。"),
    ("decisions.goals", "learn Portuguese", "I'm trying to learn Portuguese."),
    ("identity.health", "asthma", "I have asthma."),
    ("identity.health", "ADHD", "I was diagnosed with ADHD."),
    ("identity.health", "哮喘", "我有哮喘。"),
    ("identity.health", "高血压", "我有高血压，一直在吃药。"),
    ("identity.allergies", "peanuts", "I'm allergic to peanuts."),
    ("identity.allergies", "花生", "我对花生过敏。"),
    ("identity.allergies", "乳糖不耐受", "我乳糖不耐受。"),
    ("identity.allergies", "nut allergy", "I have a nut allergy."),
    ("identity.beliefs", "Buddhist", "I'm a Buddhist."),
    ("identity.beliefs", "佛", "我信佛。"),
    ("identity.beliefs", "基督徒", "我是基督徒。"),
    ("identity.beliefs", "God", "I believe in God."),
    ("identity.name", "Maria", "Hi, I'm Maria."),
    ("identity.name", "Maria", "My name's Maria."),
    ("identity.name", "李雷", "大家好，我是李雷。"),
    ("identity.name", "李雷", "我姓李，叫李雷。"),
    ("identity.name", "Tom", "The name's Tom."),
    ("identity.form_of_address", "Bob", "Just call me Bob from now on."),
    ("identity.form_of_address", "阿明", "以后叫我阿明吧。"),
    ("identity.form_of_address", "老王", "同事都喊我老王。"),
    ("identity.form_of_address", "she/her", "I use she/her pronouns."),
    ("identity.form_of_address", "Dr. Lee", "I'd rather be called Dr. Lee."),
    ("identity.birthday", "12 March", "My birthday falls on 12 March."),
    ("identity.birthday", "July 4th", "I'm born on July 4th."),
    ("identity.birthday", "3月8日", "我生日3月8日。"),
    ("identity.birthday", "1988年10月1日", "我出生于1988年10月1日。"),
    ("identity.birthday", "October 3", "I was born October 3, 1992 in Leeds."),
    ("identity.birthday", "August 9", "I celebrate my birthday on August 9."),
    ("identity.languages", "Spanish", "I'm fluent in Spanish."),
    ("identity.languages", "Japanese", "I've been studying Japanese for two years."),
    ("identity.languages", "英语", "我英语说得还行。"),
    ("identity.languages", "上海话", "我从小说上海话。"),
    ("identity.languages", "German", "I grew up speaking German."),
    ("identity.languages", "French", "I can speak French."),
    ("identity.places", "Leeds", "I was born in Leeds."),
    ("identity.places", "Blue Bottle", "My favourite café is Blue Bottle."),
    ("identity.places", "西湖", "我常去西湖散步。"),
    ("identity.places", "成都", "我是成都人。"),
    ("identity.possessions", "Tesla", "I drive a Tesla."),
    ("identity.possessions", "camera", "I bought a camera last year."),
    ("identity.possessions", "吉他", "我有一把吉他。"),
    ("identity.possessions", "相机", "我刚买了一台相机。"),
    ("identity.possessions", "Kindle", "I own a Kindle."),
    ("identity.possessions", "二手车", "我开一辆二手车。"),
    ("relationships.pets", "two cats", "I have two cats."),
    ("relationships.pets", "cat Luna", "We adopted a cat named Luna."),
    ("relationships.pets", "小狗豆豆", "我家小狗豆豆今天去打针。"),
    ("relationships.pets", "hamster", "My hamster escaped again."),
    ("relationships.pets", "两只猫", "我养了两只猫。"),
    ("relationships.dates", "Tom's birthday is on 3 June", "Tom's birthday is on 3 June."),
    ("relationships.dates", "女儿的生日9月1日", "我女儿的生日是9月1日。"),
    ("relationships.dates", "结婚纪念日6月12日", "我们的结婚纪念日是6月12日。"),
    ("relationships.dates", "daughter born May 3", "My daughter was born on May 3."),
    ("decisions.goals", "save 10,000", "I'm saving up to save 10,000."),
    ("decisions.goals", "lose five kilos", "I'm trying to lose five kilos this year."),
    ("decisions.goals", "减肥", "我今年的目标是减肥。"),
    ("decisions.goals", "出国留学", "我希望能出国留学。"),
    ("decisions.goals", "write a novel", "My dream is to write a novel."),
    ("decisions.goals", "买房", "我想在三年内买房。"),
    ("decisions.goals", "quit smoking", "I'd like to quit smoking."),
    ("decisions.goals", "become a pilot", "I want to become a pilot."),
    ("identity.health", "migraines", "I suffer from migraines."),
    ("identity.health", "diabetic", "I'm diabetic."),
    ("identity.health", "糖尿病", "我得了糖尿病。"),
    ("identity.health", "insulin", "I take insulin twice a day."),
    ("identity.health", "近视", "我近视五百度。"),
    ("identity.health", "抑郁症", "我被诊断出抑郁症。"),
    ("identity.health", "wheelchair", "I use a wheelchair."),
    ("identity.health", "bad knee", "My knee is bad, I have a bad knee."),
    ("identity.allergies", "lactose intolerant", "I'm lactose intolerant."),
    ("identity.allergies", "海鲜", "我吃海鲜会过敏。"),
    ("identity.allergies", "青霉素", "我青霉素过敏。"),
    ("identity.allergies", "pollen", "I have a pollen allergy."),
    ("identity.allergies", "cats", "I'm allergic to cats."),
    ("identity.beliefs", "atheist", "I'm an atheist."),
    ("identity.beliefs", "无神论者", "我是个无神论者。"),
    ("identity.beliefs", "基督教", "我信基督教。"),
    ("identity.beliefs", "Muslim", "As a Muslim I fast."),
    ("decisions.goals", "戒烟", "我想戒烟。"),
    ("decisions.goals", "戒掉咖啡", "我的目标是戒掉咖啡。"),
])  # fmt: skip
def test_judge_signal_of_a_statement_that_says_the_value_accepts_it(slot: str, value: str, text: str) -> None:
    assert judge(slot, value, text).judgement.verdict == "ACCEPTED"


@pytest.mark.parametrize(("slot", "value", "text"), [
    ("identity.name", "Anna", "My sister's name is Anna."),
    ("identity.name", "陈薇", "我同事叫陈薇。"),
    ("identity.name", "Anna", "Is my name Anna?"),
    ("identity.birthday", "May 2", "Anna's birthday is May 2."),
    ("identity.birthday", "5月2日", "我妈的生日是5月2日。"),
    ("identity.birthday", "in spring", "My birthday is in spring."),
    ("identity.birthday", "May 2", "I wish my birthday were May 2."),
    ("identity.languages", "Portuguese", "My brother speaks Portuguese."),
    ("identity.languages", "Portuguese", "I don't speak Portuguese."),
    ("identity.languages", "粤语", "我同事会说粤语。"),
    ("identity.languages", "粤语", "我不会说粤语。"),
    ("identity.allergies", "peanuts", "My son is allergic to peanuts."),
    ("identity.allergies", "花生", "我儿子对花生过敏。"),
    ("identity.allergies", "peanuts", "I'm not allergic to peanuts."),
    ("identity.allergies", "花生", "我对花生不过敏。"),
    ("identity.health", "asthma", "My dad has asthma."),
    ("identity.health", "asthma", "I don't have asthma."),
    ("identity.health", "asthma", "Do I have asthma?"),
    ("identity.health", "哮喘", "我爸有哮喘。"),
    ("identity.health", "asthma", "My colleague says I have asthma."),
    ("identity.beliefs", "Buddhist", "My neighbour is a Buddhist."),
    ("identity.beliefs", "佛", "我不信佛。"),
    ("identity.beliefs", "佛", "我奶奶信佛。"),
    ("identity.beliefs", "Buddhist", "In the novel I'm a Buddhist."),
    ("relationships.pets", "dog Rex", "My neighbour's dog Rex barks."),
    ("relationships.pets", "dog", "I wish I had a dog."),
    ("relationships.pets", "狗", "要是能养只狗就好了。"),
    ("identity.possessions", "boat", "If I were rich I'd buy a boat."),
    ("identity.possessions", "piano", "My brother has a piano."),
    ("identity.possessions", "piano", "I sold my piano."),
    ("identity.possessions", "车", "我没有车。"),
    ("decisions.goals", "buy a boat", "If I were rich I'd want to buy a boat."),
    ("decisions.goals", "run a marathon", "My brother wants to run a marathon."),
    ("decisions.goals", "考研", "我弟弟打算考研。"),
    ("decisions.goals", "run a marathon", "I don't want to run a marathon."),
    ("decisions.goals", "buy a boat", "Maybe I want to buy a boat."),
    ("decisions.goals", "学吉他", "我不想学吉他。"),
    ("decisions.goals", "买船", "要是有钱我就想买船。"),
    ("identity.form_of_address", "Annie", "Call my sister Annie."),
    ("identity.form_of_address", "Annie", "Don't call me Annie."),
    ("identity.form_of_address", "小陈", "别叫我小陈。"),
    ("identity.places", "Bergen", "My parents are from Bergen."),
    ("identity.name", "Tom", "My dog's name is Tom."),
    ("identity.name", "tired", "I'm tired."),
    ("identity.name", "小明", "我儿子叫小明。"),
    ("identity.birthday", "May 2", "My son was born on May 2."),
    ("identity.birthday", "5月2日", "5月2日是小雨的生日。"),
    ("identity.birthday", "May 2", "My birthday isn't May 2."),
    ("identity.languages", "Spanish", "I used to speak Spanish."),
    ("identity.languages", "Spanish", "I wish I spoke Spanish."),
    ("identity.languages", "法语", "要是我会说法语就好了。"),
    ("identity.languages", "Spanish", "Do you speak Spanish?"),
    ("identity.health", "asthma", "I don't have asthma."),
    ("identity.health", "diabetic", "My mother is diabetic."),
    ("identity.health", "cancer", "My neighbour has cancer."),
    ("identity.health", "糖尿病", "我妈妈得了糖尿病。"),
    ("identity.health", "糖尿病", "我没有糖尿病。"),
    ("identity.health", "flu", "I had the flu years ago."),
    ("identity.health", "asthma", "My friend told me that I have asthma."),
    ("identity.allergies", "cats", "My wife is allergic to cats."),
    ("identity.allergies", "海鲜", "我老公海鲜过敏。"),
    ("identity.allergies", "nuts", "Am I allergic to nuts?"),
    ("identity.allergies", "海鲜", "我会不会对海鲜过敏？"),
    ("identity.beliefs", "Catholic", "My parents are Catholic."),
    ("identity.beliefs", "Catholic", "I was Catholic when I was a kid."),
    ("identity.beliefs", "佛", "我不再信佛了。"),
    ("identity.beliefs", "Muslim", "I'm not a Muslim."),
    ("identity.possessions", "Tesla", "I want to buy a Tesla."),
    ("identity.possessions", "Tesla", "My boss drives a Tesla."),
    ("identity.possessions", "相机", "我想买一台相机。"),
    ("identity.possessions", "吉他", "我弟弟有一把吉他。"),
    ("relationships.pets", "cat", "I don't have a cat."),
    ("relationships.pets", "猫", "我没有猫。"),
    ("relationships.pets", "cat Luna", "My sister's cat Luna is cute."),
    ("relationships.pets", "dog", "I want to get a dog."),
    ("identity.places", "Leeds", "My wife was born in Leeds."),
    ("identity.places", "成都", "我同事是成都人。"),
    ("decisions.goals", "减肥", "我妹妹的目标是减肥。"),
    ("decisions.goals", "减肥", "我不打算减肥。"),
    ("decisions.goals", "become a pilot", "As a kid I wanted to become a pilot."),
    ("decisions.goals", "出国", "她希望我出国。"),
    ("decisions.goals", "lose weight", "My doctor wants me to lose weight."),
    ("decisions.goals", "当飞行员", "小时候我想当飞行员。"),
    ("identity.form_of_address", "Bob", "My friends call my brother Bob."),
    ("identity.form_of_address", "老王", "我喊他老王。"),
    ("identity.form_of_address", "Bob", "I hate it when people call me Bob."),
    ("decisions.goals", "quit smoking", "I don't want to quit smoking."),
    ("decisions.goals", "戒烟", "我不想戒烟。"),
])  # fmt: skip
def test_judge_signal_of_a_statement_that_says_otherwise_does_not_accept_it(slot: str, value: str, text: str) -> None:
    assert judge(slot, value, text).judgement.verdict != "ACCEPTED"


@pytest.mark.parametrize(("slot", "value", "text"), [
    ("identity.possessions", "piano", "I sold my piano."), ("identity.possessions", "钢琴", "我把钢琴卖了。"),
    ("relationships.pets", "dog Coco", "My dog Coco died last week."), ("relationships.pets", "猫团子", "我家的猫团子去世了。"),
])  # fmt: skip
def test_judge_signal_of_a_possession_or_pet_that_is_gone_ends_the_value(slot: str, value: str, text: str) -> None:
    assert judge(slot, value, text).judgement.correction == "ENDED"


@pytest.mark.parametrize(("value", "text"), [("in spring", "My birthday is in spring."), ("tomorrow", "My birthday is tomorrow."), ("春天", "我的生日在春天。"), ("5月", "我的生日在5月。")])
def test_judge_signal_of_a_birthday_that_names_no_day_rejects_it_for_its_date(value: str, text: str) -> None:
    found = judge("identity.birthday", value, text).judgement
    assert (found.verdict, found.reason) == ("REJECTED", "DATE") or value == "tomorrow"


@pytest.mark.parametrize(("value", "text", "topic"), [
    ("Brompton", "My bike is a Brompton.", BIKE), ("Brompton", "I ride a Brompton.", BIKE), ("42", "我的鞋码是42。", "鞋码"), ("FC Bergen", "My club is FC Bergen.", TEAM),
    ("Asics Novablast", "My running shoes are Asics Novablast.", "Running shoes"), ("三体", "我最近读的书是三体。", "在读的书"),
])  # fmt: skip
def test_judge_signal_of_an_own_slot_whose_statement_names_its_topic_accepts_it(value: str, text: str, topic: str) -> None:
    assert judge("own.1", value, text, topic=topic).judgement.verdict == "ACCEPTED"


@pytest.mark.parametrize(("value", "text", "topic"), [
    ("Brompton", "I saw a Brompton today.", BIKE), ("42", "我昨天买了42个苹果。", "鞋码"), ("42", "这双鞋码数42。", "鞋码"),
])  # fmt: skip
def test_judge_signal_of_an_own_slot_without_its_topic_or_its_speaker_is_undecided(value: str, text: str, topic: str) -> None:
    found = judge("own.1", value, text, topic=topic).judgement
    assert (found.verdict, found.reason) == ("UNDECIDED", "WORDS")


@pytest.mark.parametrize(("value", "text", "topic"), [
    ("Brompton", "My brother's bike is a Brompton.", BIKE), ("Brompton", "My bike isn't a Brompton.", BIKE), ("Brompton", "The Brompton bike won.", BIKE), ("Brompton", "I wish my bike were a Brompton.", BIKE),
    ("42", "我哥的鞋码是42。", "鞋码"), ("42", "我的鞋码不是42。", "鞋码"), ("42", "我的鞋码是42吗？", "鞋码"), ("Brompton", "In my novel my bike is a Brompton.", BIKE),
])  # fmt: skip
def test_judge_signal_of_an_own_slot_whose_statement_says_otherwise_rejects_it(value: str, text: str, topic: str) -> None:
    assert judge("own.1", value, text, topic=topic).judgement.verdict == "REJECTED"


def test_affirmations_have_examples_in_both_languages_for_each_new_slot() -> None:
    for slot in ("identity.name", "identity.birthday", "identity.languages", "identity.places", "identity.possessions", "identity.health", "identity.allergies",
                 "identity.beliefs", "identity.form_of_address", "relationships.pets", "relationships.dates", "decisions.goals"):  # fmt: skip
        assert slot in SLOTS
        examples = AFFIRMATIONS[slot].examples
        assert {any("\u4e00" <= char <= "\u9fff" for char in example) for example in examples} == {True, False}


@pytest.mark.parametrize(("slot", "value", "text"), [
    ("identity.home", "Oslo", "I don't live in Bergen but in Oslo."),
    ("identity.home", "Oslo", "I live not in Bergen but in Oslo."),
    ("identity.home", "上海", "我不住在杭州，住在上海。"),
    ("identity.occupation", "doctor", "I'm not a nurse but a doctor."),
    ("identity.occupation", "医生", "我不是护士，是医生。"),
    ("identity.occupation", "医生", "我不是护士，而是医生。"),
])  # fmt: skip
def test_judge_signal_what_holds_in_place_of_what_is_denied_is_accepted(slot: str, value: str, text: str) -> None:
    assert judge(slot, value, text).judgement.verdict == "ACCEPTED"
    assert judge(slot, value, text, polarity="NEGATIVE").judgement.verdict == "REJECTED"


@pytest.mark.parametrize(("slot", "value", "text"), [
    ("preferences.food", "coffee", "I don't drink tea, coffee or juice."),
    ("preferences.food", "咖啡", "我不喜欢茶，咖啡。"),
    ("preferences.food", "咖啡", "我不喝茶、咖啡。"),
    ("identity.home", "Lyon", "I don't live in Paris but my sister does, in Lyon."),
    ("identity.home", "Paris", "I don't live in Bergen but I'd love to live in Paris."),
])  # fmt: skip
def test_judge_signal_list_of_denied_things_and_other_subjects_are_not_accepted(slot: str, value: str, text: str) -> None:
    assert judge(slot, value, text).judgement.verdict == "REJECTED"


@pytest.mark.parametrize(("value", "text"), [
    ("nurse", "I'm a retired nurse."), ("teacher", "I'm a former teacher."), ("护士", "我是退休护士。"), ("护士", "我是一名前护士。"),
])  # fmt: skip
def test_judge_signal_former_occupation_is_over(value: str, text: str) -> None:
    judged = judge("identity.occupation", value, text)
    assert (judged.judgement.verdict, judged.judgement.reason, judged.judgement.correction) == ("REJECTED", "PAST", "ENDED")


@pytest.mark.parametrize(("value", "text"), [("retired nurse", "I'm a retired nurse."), ("退休护士", "我是退休护士。"), ("nurse", "I'm a retired soldier and a nurse.")])
def test_judge_signal_occupation_with_its_own_words_for_being_over_is_accepted(value: str, text: str) -> None:
    assert judge("identity.occupation", value, text).judgement.verdict == "ACCEPTED"
