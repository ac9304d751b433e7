"""Beginnings of role play and of games in words, and what resembles them, in English and Chinese."""
from __future__ import annotations

import pytest

from jobs.rules.diary.drafts import SourceMessage
from jobs.rules.diary.played import MAX_LINES, MAX_QUOTE, played_lines
from jobs.rules.play import begins_play
from tests.jobs.rules.factories import day, message_id

BEGINNINGS_EN = """
You're a barista and I'm a customer. Hi, one latte please.
I want you to be a pirate
Act like you're my grandma
Be Sherlock Holmes for me
Speak as Gandalf
Game time! You are the host of a quiz show and I'm the contestant
Let's play: you are a dragon and I am the knight.
let's play
Let's play!
Let's play a game
Let's play a role-playing game.
Let's roleplay!
Let's do a roleplay where you're my boss
Can we do a role play?
Could you roleplay as a pirate?
I want to roleplay a space battle
Pretend you're a detective.
Pretend to be my grandmother
Pretend that you are a talking cat and answer me
Let's pretend we're on a ship
Let's pretend that I'm a king
Act as a pirate captain
I want you to act as an interviewer.
Please act as my dungeon master
Be my dungeon master
You be the doctor and I'll be the patient.
I'll be the suspect, you be the detective.
I will play the hero and you play the villain
You are a dragon, and I am the knight who comes to slay you.
From now on you are a wizard named Zed
You are now a medieval innkeeper.
Play the role of a Roman senator
Take on the role of a detective in 1920s London
Want to play a game?
Do you want to play twenty questions?
Let's play 20 questions
Let's play truth or dare
let's play would you rather
Shall we play a word game?
Let's play trivia
Let's play hangman
Let's play Dungeons and Dragons, you're the DM
Let's start a text adventure
Let's start a campaign
Let's play detective
let's play doctor
Talk to me like a pirate
Speak like a Victorian butler
Imagine you are a shopkeeper and I am a customer.
Let's imagine you're a robot and I'm the inventor
Let's improvise a scene in a bakery
Let's act out the interview
RP: I enter the tavern
Stay in character the whole time.
Hey, let's play pretend
ok let's play pirates
So let's play make believe
How about we play a detective game?
Lets play a game: I think of an animal and you guess
Can you pretend to be a barista?
Could you play the part of my landlord?
I'd like you to pretend you're Sherlock Holmes
Answer as a medieval monk
Let's play that you're my boss and I ask for a raise
Let's make believe I'm a princess
Would you be the narrator? Be the narrator of our story.
Let's have a role play session
""".strip().splitlines()
OTHERS_EN = """
I want to be a pirate when I grow up
He said you are a genius and I am a fool
We're going to see a play tonight
Let's play tennis tomorrow
let's play football on Sunday
Let's play it by ear
Let's play it safe this time
Let's play some music
Should we play basketball after work?
I want to play the piano
I want to play chess with my brother tonight
We played a game yesterday
My son likes to pretend he's a dinosaur
My kids play pretend all day
I pretended to be asleep
He plays the role of Hamlet
She wants to play a detective in the school play
I played a pirate in the school play
Act as if nothing happened
They act like children
Imagine my surprise
Imagine you were in my place, what would you do?
You are a lifesaver
You are a great help and I am grateful
I have to play a part in the family business
What role does sleep play in health?
Let's play a game of tennis next week
Let's play a board game with my sister tonight
Do you want to play football?
The game starts at eight
I bought a new role-playing game
Role playing is my hobby
Can you recommend a game to play?
I pretend to be fine at work
Let's start a new diary
I'm an actor and I play a king in the new show
My boss wants me to act as team lead
Let's do a quick review of my week
I need to act on this
He told me to act like an adult
Let's play the lottery
I like to play games on my phone
Let's have dinner
You are now on my list
We are playing cards with my friends tonight
Let's play outside
The children played doctor all afternoon
Speak as soon as you can
I act as a translator at work
Let's play badminton at the gym
My daughter and I played house today
I'll be the best man and you are invited
I'm in character development hell
Kids pretend to be asleep
Let's try a new recipe
let's do some stretching
Can you play my favourite song?
Let us have a good look at my plan
I was cast to play the part of the nurse
From now on I am a vegetarian
You are now 3 days late
Would you rather I called later?
Let's play along with her plan
""".strip().splitlines()
BEGINNINGS_ZH = """
你现在是鲁迅，跟我说话
从现在开始你就是我的猫
我们玩故事接龙吧
扮演一下我的老板
请你当一次店小二
你扮演医生，我扮演病人。
你扮演一只会说话的猫
请你扮演我的面试官
请扮演一位古代诗人
你来扮演老师
你能不能扮演一下我妈妈？
我们来玩角色扮演吧
我们玩个游戏吧
咱们来玩个文字游戏
来玩成语接龙
我们来玩海龟汤
陪我玩个猜谜游戏
陪我玩一会儿过家家
我想玩角色扮演
来一场角色扮演
我们来演一出戏
陪我演一段戏
你当医生，我当病人
你演侦探，我演嫌疑人
你来当国王，我来当大臣
我当老师，你当学生
我来演公主，你演骑士
从现在开始你是一名海盗船长
从现在起，你就是一个机器人
你现在是一位唐朝的诗人
你现在是一只小猫
假装你是我的老板
假装你是一条龙
想象你是一个外星人
假装我们在一艘船上
假装我是国王
请以面试官的身份和我对话
用海盗的口吻跟我说话，请用海盗的口吻来回答
请进入角色
保持角色，不要跳出来
我们来一场文字冒险
开始跑团，你当DM
你做我的地下城主，我们开始跑团
来玩吧
我们来玩吧！
咱俩玩个游戏
和我玩个游戏好吗
我们来做个游戏
来玩真心话大冒险
我们来玩狼人杀
来玩二十个问题
陪我演一下面试
你是将军，我是士兵，开始吧
你就是店员，我是顾客
接下来你是一个侦探
请你扮演福尔摩斯
想让你扮演一个魔法师
由你扮演旁白
来玩cosplay
我们来角色扮演
你扮演甲方
我来扮演客户，你扮演销售
你演我妈，我演我自己
麻烦你扮演一下房东
跟我玩个侦探游戏
请以曹操的口吻跟我聊聊
""".strip().splitlines()
OTHERS_ZH = """
你是AI，我是人
你来当伴娘好吗，我问了小美
我和朋友玩了狼人杀
明天一起玩游戏吧
周末我们去打网球
我们周末玩桌游吧
昨天我们玩了角色扮演
他扮演哈姆雷特
我在话剧里扮演过公主
我女儿假装自己是公主
我儿子喜欢玩过家家
你现在是不是很忙
假如你是我，你会怎么做
我们玩得很开心
你当我傻啊
我要当爸爸了
你是我最好的朋友
我是老师，今天很累
今天玩了一天手机
我想打篮球
推荐几个好玩的游戏
有什么好玩的游戏吗
我在游戏公司上班
我爱玩手游
下班后一起打羽毛球吧
今晚我和同学玩狼人杀
妹妹在学校演了一只兔子
他假装没看见我
我假装睡着了
同学们玩角色扮演
睡眠扮演着重要的角色
这部电影里他演警察
我们来聊聊今天吧
来一碗面
你是对的，我是错了
你现在在哪
我弹钢琴
我们玩过这个游戏
孩子们在院子里玩游戏
改天一起玩
放假我们去海边玩吧
想象一下，如果我辞职了会怎样
你觉得我该当老师吗
我想做一名医生
我当班长，压力很大
领导让我扮演好人
从现在开始我要早睡
从现在起你要提醒我喝水
今天你是怎么了
我朋友演话剧，我去看了
那个演员扮演得很好
游戏机坏了
我们开始工作吧
我们来做饭吧
陪我说说话
我喜欢玩角色扮演游戏
玩完游戏才睡
我们来做个计划
演出在周五
你做饭，我洗碗
你说得对，我做错了
你去当老师，我不反对
后天我们演出话剧
""".strip().splitlines()


@pytest.mark.parametrize(
    ("texts", "begins"), [(BEGINNINGS_EN, True), (BEGINNINGS_ZH, True), (OTHERS_EN, False), (OTHERS_ZH, False)], ids=["en", "zh", "no en", "no zh"]
)
def test_begins_play_is_true_of_beginnings_alone(texts: list[str], begins: bool) -> None:
    assert len(texts) >= 60 and [text for text in texts if begins_play(text) is not begins] == []


@pytest.mark.parametrize("text", [
    "> Let's play a game: you are a dragon.\nMy brother wrote this. What shall I answer?",
    "```\n你扮演医生，我扮演病人。\n```\n这是什么意思？",
])  # fmt: skip
def test_begins_play_ignores_pasted_text(text: str) -> None:
    assert not begins_play(text)


def said(number: int, content: str, conversation: int = 1) -> SourceMessage:
    return SourceMessage(number, message_id(number), True, day(0), content, message_id(100 + conversation))


def test_played_lines_quote_the_beginning_of_each_play_and_nothing_else() -> None:
    lines = played_lines([
        said(1, "Hello there."), said(2, "Hm. Let's play: you are a dragon. I hate my job!"), said(3, "I live in a cave."), said(4, "你扮演医生。我头疼。", 2),
        said(5, "Roar!", 3),
    ])
    assert [line.text for line in lines] == ["Played: “Let's play: you are a dragon.”", "玩了角色扮演：“你扮演医生。”", "Played: “Roar!”"]
    assert [(line.kind, line.evidence[0].message) for line in lines] == [("SUMMARY", 2), ("SUMMARY", 4), ("SUMMARY", 5)]


def test_played_lines_are_few_and_short() -> None:
    lines = played_lines([said(number, f"Let's play a game {'with very long words ' * 20}", number) for number in range(1, 9)] + [said(9, "!!!", 9)])
    assert len(lines) == MAX_LINES and all(len(line.evidence[0].text) <= MAX_QUOTE for line in lines)
