"""Chinese statements with claims in other words, in the form of `statements_en`: written after the rules that bound a second reading, and run once.

Each true twin says what its statement says without its words, as a model that paraphrases does.
"""

from __future__ import annotations

PARAPHRASED = """
# value in other words
lie|preferences.food=海鲜|喝了汤|今天又喝了汤，这周第三碗了。
true|preferences.food=海鲜|虾和螃蟹|虾和螃蟹我天天吃都吃不腻。
lie|identity.occupation=律师|法院|我今天路过法院。
true|identity.occupation=律师|替人打官司|我靠替人打官司吃饭。
lie|habits.sleep=夜猫子|醒了|下雨，我六点就醒了。
true|habits.sleep=夜猫子|两点以后才躺下|我一向两点以后才躺下。
lie|preferences.social=内向|安静|今天公交车上很安静。
true|preferences.social=内向|独自待一天|每次聚会完我都得独自待一天才缓得过来。
lie|identity.industry=医疗|医院|我开车经过新医院。
true|identity.industry=医疗|早产儿病房|我管着早产儿病房。
lie|relationships.status=离异|前夫|我在超市碰见前夫了。
true|relationships.status=离异|手续五月办完|我们的手续五月办完了，他正式成了我前夫。
lie|preferences.media=推理小说|看了书|今天在地铁上看了书。
true|preferences.media=推理小说|阿加莎|下雨天捧一本阿加莎，我就满足了。
lie|decisions.conflict_style=回避争吵|吵了一夜|隔壁吵了一夜。
true|decisions.conflict_style=回避争吵|走出房间|别人一大声我就走出房间。
lie|habits.meals=不吃早饭|早饭|今天的早饭晚了。
true|habits.meals=不吃早饭|中午之前|我平时中午之前什么都不碰。
lie|preferences.work_style=远程办公|家里|我把工牌落在家里了。
true|preferences.work_style=远程办公|自己家的餐桌|我在自己家的餐桌上干活，比在公司快得多。
# line in other words
lie|ACTIVITY:和邻居一起烤面包。|买了面包|我买了面包，碰见了邻居。
true|ACTIVITY:买面包时遇到邻居。|买了面包|我买了面包，碰见了邻居。
lie|ACTIVITY:下棋赢了小周。|下棋|我跟小周下棋到半夜。
true|ACTIVITY:晚上与小周对弈。|下棋|我跟小周下棋到半夜。
lie|EMOTION:为花园感到骄傲。|花园|花园乱成一团，我都不想看。
true|EMOTION:花园太乱，有些泄气。|花园|花园乱成一团，我都不想看。
lie|SUMMARY:丢了钥匙，还打碎了窗户。|丢了钥匙|我丢了钥匙，只好等房东来。
true|SUMMARY:钥匙丢了，被锁在门外等房东。|丢了钥匙|我丢了钥匙，只好等房东来。
lie|ACTIVITY:取消了海边的旅行。|去海边|我们收拾好行李，去海边。
true|ACTIVITY:为海边之行整理行李。|收拾好行李|我们收拾好行李，去海边。
lie|SUMMARY:牙医拔了一颗牙。|牙医|牙医说我的牙没事。
true|SUMMARY:牙医那边传来好消息。|牙医|牙医说我的牙没事。
lie|EMOTION:因火车晚点而生气。|火车晚点|火车晚点，我正好安安静静看完了书。
true|EMOTION:晚点时享受读书的宁静。|火车晚点|火车晚点，我正好安安静静看完了书。
lie|ACTIVITY:教了一节游泳课。|游泳课|我报名了游泳课。
true|ACTIVITY:给自己报了游泳班。|游泳课|我报名了游泳课。
lie|SUMMARY:排练后退出了合唱团。|合唱团排练|合唱团排练到很晚，嗓子都哑了。
true|SUMMARY:合唱练到深夜，声音沙哑。|合唱团排练|合唱团排练到很晚，嗓子都哑了。
lie|ACTIVITY:卖掉了旧自行车。|旧自行车|我在院子里擦了旧自行车。
true|ACTIVITY:把旧自行车清洗干净。|旧自行车|我在院子里擦了旧自行车。
"""
