"""Questions that name a day, absolutely or relative to `TODAY`, about the sample chats, each with its user and the day that answers it.

The rules may be tuned on `ENGLISH` and `CHINESE`; the others are held out: they were written before the ranking ran on any of them, and no rule was
changed after a look at them.
"""
from __future__ import annotations

from datetime import date

TODAY = date(2026, 3, 12)
"""The Thursday on which the questions are asked, the day after the last chat."""

ENGLISH = """
Nora|03-02|What did I do on March 2nd?
Nora|03-03|How was my Tuesday, 3 March?
Nora|03-04|What did I write about work on 2026-03-04?
Nora|03-05|What made me sad a week ago today, on the 5th?
Nora|03-06|What news did I hear last Friday?
Nora|03-07|Who visited me last Saturday?
Nora|03-08|What did we talk about on Sunday?
Nora|03-09|What was I offered three days ago?
Nora|03-10|What happened the day before yesterday?
Nora|03-11|What did I decide yesterday?
Marcus|03-02|What did I tell you ten days ago?
Marcus|03-03|What happened on the 3rd of March?
Marcus|03-04|How did my day go on Wednesday of last week?
Marcus|03-05|What annoyed me last Thursday?
Marcus|03-06|What did I get done on March 6, 2026?
Marcus|03-07|What did the children do on the 7th?
Marcus|03-08|What did I fix last Sunday?
Marcus|03-09|What did I plan on Monday?
Marcus|03-10|What went wrong two days ago?
Marcus|03-11|Whom did I meet last night?
Priya|03-02|What was I painting on 2 March?
Priya|03-03|What did people say about my pictures on Mar 3?
Priya|03-04|Why could I not sleep on the 4th?
Priya|03-05|What did my brother do seven days ago?
Priya|03-06|Where was I on Friday?
Priya|03-07|How far did I run last Saturday?
Priya|03-08|Whom did I see on March 8th?
Priya|03-09|What about money on the 9th of March?
Priya|03-10|What was I asked on Tuesday?
Priya|03-11|What did I finish yesterday evening?
"""

ENGLISH_HELD_OUT = """
Nora|03-02|How busy was I on Monday of last week?
Nora|03-03|What did I get up to nine days ago?
Nora|03-04|What did I say about trips on 4 March 2026?
Nora|03-05|How did I feel on March 5?
Nora|03-06|What did I tell you on the 6th of March?
Nora|03-07|What did I have for breakfast on Saturday?
Nora|03-08|What did I tell you last Sunday?
Nora|03-09|What was on my mind on 3/9/2026 and 9/3/2026, the ninth of March?
Nora|03-10|What did we say on Tuesday?
Nora|03-11|What did I drink last night?
Marcus|03-02|What was the weather like on 2026-03-02?
Marcus|03-03|What did I tell you about my back last week on Tuesday?
Marcus|03-04|What did we discuss eight days ago?
Marcus|03-05|What did I say on March 5th, 2026?
Marcus|03-06|What did we eat on Friday night, 6 March?
Marcus|03-07|What did I talk about last Saturday?
Marcus|03-08|What news was there about the house four days ago?
Marcus|03-09|How was the swimming on Monday?
Marcus|03-10|What did I cook the day before yesterday?
Marcus|03-11|What was I wondering about yesterday?
Priya|03-02|How cold was it on March the 2nd?
Priya|03-03|What did I mention on the 3rd?
Priya|03-04|Whom did I write to on 4 March?
Priya|03-05|What did I say about pets last Thursday?
Priya|03-06|What did Lena say on 6 March 2026?
Priya|03-07|What did I sign up for on Saturday?
Priya|03-08|What was I asked on the 8th of March?
Priya|03-09|What hurt three days ago?
Priya|03-10|What did I admit two days ago?
Priya|03-11|What did I plan on March 11th?
"""

CHINESE = """
陈静|03-02|3月2号我说了什么？
陈静|03-03|上周二我去哪儿玩了？
陈静|03-04|三月四日家里有什么好消息？
陈静|03-05|一周前我贴了什么给你？3月5日的
陈静|03-06|上周五谁给了我东西？
陈静|03-07|上周六我做了什么菜？
陈静|03-08|妇女节那天我干了什么？
陈静|03-09|大前天我跟谁吵了？
陈静|03-10|前天我在考虑什么？
陈静|03-11|昨天我为什么生气？
赵阳|03-02|十天前我在忙什么？
赵阳|03-03|3月3日我找到了谁？
赵阳|03-04|上周三谁过生日？
赵阳|03-05|上周四凌晨发生了什么？
赵阳|03-06|2026年3月6日我和谁打球？
赵阳|03-07|上周六我们去看了什么？
赵阳|03-08|周日我翻出了什么？
赵阳|03-09|这周一工作上有什么进展？
赵阳|03-10|两天前谁联系我？
赵阳|03-11|昨天我跟老板说了什么？
何敏|03-02|三月二号我们聊了什么？
何敏|03-03|九天前我上了什么课？
何敏|03-04|4号晚上我为什么睡不着？
何敏|03-05|3月5号我晒了什么？
何敏|03-06|上个星期五我收到了什么？
何敏|03-07|周六谁来家里了？
何敏|03-08|上周日我看了什么？
何敏|03-09|三天前我去查了什么？
何敏|03-10|星期二听说谁住院了？
何敏|03-11|昨晚我和女儿说了什么？
"""

CHINESE_HELD_OUT = """
陈静|03-02|上周一我去谁家吃饭？
陈静|03-03|三月三日下午我看到了什么？
陈静|03-04|八天前我怎么说自己的？
陈静|03-05|2026年3月5号我说过自己的什么？
陈静|03-06|3月6日我告诉了你什么？
陈静|03-07|周六我们本来要去哪里？
陈静|03-08|上个周日我决定了什么？
陈静|03-09|星期一我在哪里跑步？
陈静|03-10|两天前我列了什么？
陈静|03-11|昨天我画了什么？
赵阳|03-02|三月二日早上地铁怎么样？
赵阳|03-03|上周二我吃了什么？
赵阳|03-04|3月4号我找了多久？
赵阳|03-05|五号我去哪里看日出？
赵阳|03-06|上周五谁受伤了？
赵阳|03-07|3月7日我说了什么关于钱的事？
赵阳|03-08|四天前我担心谁？
赵阳|03-09|大前天我喝了什么？
赵阳|03-10|前天我在纠结什么？
赵阳|03-11|昨天我拒绝了谁？
何敏|03-02|十天前我讲了谁的故事？
何敏|03-03|三月三号我说喜欢什么？
何敏|03-04|上星期三我说过什么药？
何敏|03-05|惊蛰那天，也就是3月5日，我聊了什么？
何敏|03-06|6号我犹豫什么？
何敏|03-07|上周六我做了什么菜？
何敏|03-08|三八妇女节那天我讲了谁的话？
何敏|03-09|本周一我决定怎么锻炼？
何敏|03-10|前天我更正了什么？
何敏|03-11|昨天桥边的树怎么样了？
"""
