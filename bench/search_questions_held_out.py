"""Held-out questions about the sample chats, on other topics than bench/search_questions.py. No rule of the ranking was made for them.

They were all written before the ranking was run on any of them. Nothing is tuned on them: changing a rule after looking at these requires a fresh set.
"""
from __future__ import annotations

ENGLISH = """
Nora|03-02|When did the locum keep asking where the forms are?
Nora|03-03|When did I say that I was once scared of falling?
Nora|03-04|When did I think of a train ride to Whitby?
Nora|03-05|When did I walk Biscuit for an hour to feel better?
Nora|03-06|When did I cry in the supermarket?
Nora|03-07|When did I make pancakes for breakfast?
Nora|03-08|When did I tell you that Tom and I are no longer together?
Nora|03-09|When did I write a list on the bus?
Nora|03-10|When did Priyanka tell me she had hated being in charge?
Nora|03-11|When did I drink a glass of wine with a curry?
Marcus|03-02|When was I standing in the rain for bus duty?
Marcus|03-03|When did I tell you how I hurt my back?
Marcus|03-04|When did we talk about Theo's allergy?
Marcus|03-05|When did I say I prefer to argue face to face?
Marcus|03-06|Which day was pizza night?
Marcus|03-07|When did I talk about my grandfather in Dayton?
Marcus|03-08|When did my mom say she may sell the house?
Marcus|03-09|When did I swim my best time since the fall?
Marcus|03-10|When did I cook spaghetti for the children?
Marcus|03-11|When did I wonder about doing a master's degree?
Priya|03-02|Which day was it fourteen below zero?
Priya|03-03|When did I mention the trombone player downstairs?
Priya|03-04|When did I write to the client who owes me money?
Priya|03-05|When did I say that my lease does not allow pets?
Priya|03-06|When did Lena say that a painted man looks like somebody she was with?
Priya|03-07|When did I sign up for a race in May?
Priya|03-08|When was I asked about getting married?
Priya|03-09|When did my shoulder hurt?
Priya|03-10|When did I admit that I get nervous before an audience?
Priya|03-11|When did I plan four days in a cabin?
"""

CHINESE = """
陈静|03-02|我什么时候去妈妈家吃抄手？
陈静|03-03|我哪天看大爷们下棋？
陈静|03-04|我哪天说自己是急性子？
陈静|03-05|我什么时候说自己不会拒绝别人？
陈静|03-06|我哪天告诉你我和阿哲领证了？
陈静|03-07|青城山去不成是哪天说的？
陈静|03-08|我什么时候决定每周日去看刘阿姨？
陈静|03-09|我哪天绕着府河跑步？
陈静|03-10|我什么时候列了好处坏处的清单？
陈静|03-11|我哪天画了个警察？
赵阳|03-02|我哪天差点没挤下地铁？
赵阳|03-03|我什么时候吃了热干面？
赵阳|03-04|我哪天因为一对引号找了一个小时？
赵阳|03-05|我什么时候去东湖边看日出？
赵阳|03-06|阿凯崴脚是哪天？
赵阳|03-07|我哪天说不跟亲戚借钱？
赵阳|03-08|我什么时候担心妈妈的血压？
赵阳|03-09|我哪天没喝奶茶，喝了美式？
赵阳|03-10|我什么时候为了异地的事纠结？
赵阳|03-11|我哪天回绝了猎头，抱了林悦？
何敏|03-02|我哪天讲先生走到桥上等我？
何敏|03-03|我什么时候说喜欢写行书？
何敏|03-04|我哪天说不吃安眠药？
何敏|03-05|惊蛰是哪一天？
何敏|03-06|我什么时候犹豫要不要去上海带孩子？
何敏|03-07|我哪天做了松鼠鳜鱼？
何敏|03-08|我什么时候讲了父亲当兵的话？
何敏|03-09|我哪天决定早晚各走半个钟头？
何敏|03-10|我什么时候更正了退休的年份？
何敏|03-11|哪天桥边的柳树发芽了？
"""
