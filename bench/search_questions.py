"""Questions about the sample chats, each with its user and the day that answers it. The ranking's rules may be tuned on these.

The questions of bench/search_questions_held_out.py are kept separate to measure such a rule on unseen questions.
"""
from __future__ import annotations

ENGLISH = """
Nora|03-02|Which day did I have lunch at a quarter to four?
Nora|03-03|When did I go back to the climbing wall?
Nora|03-04|When did I paste the rota for April?
Nora|03-05|When did we have to put an old dog to sleep?
Nora|03-06|When did Megan tell me that she is pregnant?
Nora|03-07|Which day did Jo come over with her twins?
Nora|03-08|When did I mix up the day of my dentist appointment?
Nora|03-09|When was I offered the job of head nurse?
Nora|03-10|When did I manage the 5c?
Nora|03-11|When did I accept the position?
Marcus|03-02|When did Theo ask whether zero is afraid?
Marcus|03-03|When did I fall asleep on the couch?
Marcus|03-04|When did Denise get her grant?
Marcus|03-05|When did a parent send me a rude message about Tyler's grade?
Marcus|03-06|When did I finish all of the report cards?
Marcus|03-07|Which day was Ava's chess tournament?
Marcus|03-08|When did I repair the dishwasher?
Marcus|03-09|When did I plan something for Pi Day?
Marcus|03-10|When did the grading app show me an error?
Marcus|03-11|When did I meet Tyler's mother?
Priya|03-02|When did I try purple for the lake?
Priya|03-03|When did the art director like my green?
Priya|03-04|When was I awake at night because of money?
Priya|03-05|When did my brother move in with his girlfriend?
Priya|03-06|When did I see manuscripts in a museum?
Priya|03-07|When did I run ten kilometres?
Priya|03-08|When did I have brunch with my mother?
Priya|03-09|When was the overdue invoice paid?
Priya|03-10|When was I asked to give a workshop?
Priya|03-11|When did I hand in the last picture of the moose?
"""

CHINESE = """
陈静|03-02|我哪天下了夜班想喝豆浆？
陈静|03-03|我什么时候去逛人民公园的？
陈静|03-04|弟弟考研过线是哪一天？
陈静|03-05|我哪天把排班表贴给你数夜班？
陈静|03-06|我什么时候收到小朋友的一颗糖？
陈静|03-07|我哪天做了回锅肉和番茄蛋汤？
陈静|03-08|我什么时候给邻居送了橙子？
陈静|03-09|我哪天跟家长吵了起来？
陈静|03-10|我什么时候考虑报专升本？
陈静|03-11|阿哲喝了我的酸奶是哪天的事？
赵阳|03-02|我哪天开始头疼支付的老接口？
赵阳|03-03|我什么时候找到了写文档的老秦？
赵阳|03-04|女朋友过生日是哪一天？
赵阳|03-05|我哪天凌晨被电话叫醒处理故障？
赵阳|03-06|我什么时候和室友打篮球？
赵阳|03-07|我们哪天去光谷看房子？
赵阳|03-08|我哪天翻出了一把旧吉他？
赵阳|03-09|老接口下线是什么时候？
赵阳|03-10|哪天有猎头联系我？
赵阳|03-11|我什么时候跟老板提加薪？
何敏|03-02|我哪天告诉你我教了三十六年语文？
何敏|03-03|我什么时候去上书法课写兰亭集序？
何敏|03-04|我哪天两点醒来睡不着，听评弹？
何敏|03-05|我什么时候晒的被子？
何敏|03-06|我哪天收到骗人的短信？
何敏|03-07|外孙来家里看蚂蚁是哪天？
何敏|03-08|女儿带我看电影是什么时候？
何敏|03-09|我哪天去量了血糖？
何敏|03-10|老周住院是哪一天听说的？
何敏|03-11|我什么时候跟女儿说不去上海长住？
"""
