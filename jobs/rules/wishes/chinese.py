# ruff: noqa: E501 - tables of words read by their rows
"""Chinese sentences that are evidently the user's own, and the wishes in them.

The tables are of folded text in simplified characters, without spaces beside Chinese characters. Entries of a row are alternatives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, Literal

from jobs.rules.wishes.readings import MAX_CLAUSES, Ask, Clause, Kind, Reading, any_of, begin_alike, escape_names, has, pattern, skip, split_clauses

MAX_ITEM: Final = 10
"""Characters of an item in an enumeration, and of what stands behind a label."""

COURTESY: Final = (
    "你好|您好|嗨|哈喽|哈啰|嘿|hello|hi|hey|早|早安|早上好|上午好|中午好|下午好|晚上好|晚安|在吗|在不在|unilife",  # greetings
    "谢谢|谢谢你|谢谢您|谢啦|谢了|多谢|感谢|感恩|辛苦了|辛苦|拜托|拜托了|拜托啦|麻烦了|麻烦你了|麻烦啦|thanks|thx|thank you",  # thanks
    "好|好的|好啦|好吧|好嘞|嗯|嗯嗯|哦|噢|啊|呀|哎|唉|哎呀|哇|嘛|呢|吧|啦|哈|哈哈|哈哈哈|哈哈哈哈|呵呵|嘻嘻|ok|okay|btw|是的|对|对的|对啊|行|没错",  # interjections
    "更新|更新一下|补充|对了|另外|还有|顺便|顺便说一下|顺便说一句|话说|那个|那|那么|然后|所以|还有一点|还有一件事|还有个事|有个事|再补充一点|补充一下|补充一点|就这样|就这些|没别的了|先这样",  # turns
    "今天|最近|天气|心情|外面|真|真的|太|很|超|超级|有点|好热|热|冷|累|困|忙|开心|高兴|下雨|下雪|下雨了|晴天|周末了|周五了|下班了|放假了|了",  # small talk
    "可以吗|好吗|行吗|好不好|行不行|可以不|成吗|吗|请|麻烦你|麻烦|pls|please|哦哦|喔|哟|呗|噻",  # politeness
)
"""The words of which a sentence may consist that says nothing."""
LEADS: Final = (
    "推荐的时候|推荐时|推荐菜谱的时候|推荐菜谱时|推荐餐厅的时候|推荐餐厅时|推荐吃的的时候|推荐吃的时|推荐东西的时候|推荐东西时|推荐地方的时候|推荐地方时|安排的时候|安排时|安排行程的时候|安排行程时|安排日程的时候|安排日程时|做计划的时候|做计划时|做攻略的时候|做攻略时|点菜的时候|点菜时|点餐的时候|点餐时|点外卖的时候|点外卖时|聊天的时候|聊天时|回答的时候|回答时|回答我的时候|回答我时|回我的时候|回我时",  # when it matters
    "你|您|你能|你能不能|你可以|你可不可以|能|能不能|可不可以|可以|能否|可否|是否可以|你要|你就|你得|你也",  # questions that ask
    "请你|请您|请务必|麻烦您|拜托你|拜托您|烦请|劳烦|劳驾|帮我|帮忙|帮个忙|给我|替我|帮帮我|帮我们|替我们|希望你|希望您|希望你能|我想让你|我想请你|我要你|我希望你|我希望你能|想让你|想请你|想麻烦你|我想麻烦你",  # requests
    "一定|一定要|要|务必|千万|千万要|得|就|也|再|都|先|快|赶紧|永远|好好|顺手|给|把它|全部|全|统统|彻底",  # emphasis
    "现在|以后|今后|从今以后|从现在起|从现在开始|以后都|往后|你就当没听过|就当没听过|就当我没说过|就当没说过",  # since when
    "这一点|这点|这个|这件事|这些|这条|这|这事|我刚说的|我刚才说的|以上|上面这些|刚才说的",  # what the wish points at
)
"""The words that may stand before those that ask, beside those of courtesy."""
_POLITE: Final = r"能|可以|可不可以|可否|好吗|行吗|好不好|行不行|成吗|麻烦|拜托|请"
"""A wish that may end with a question mark."""

_MEMORY: Final = "(?:你的?|我的?)?(?:长期)?(?:记忆|档案|资料|个人资料|笔记|画像|记录|备忘录?|心里|脑子|脑海|记事本)(?:里面?|中|上)?"
_REMEMBER: Final = (
    "记住|备忘|备忘一下|记录下|记一下|记下来|记下|记好|记着|记一笔|记上|记个|记牢|记录一下|记录下来|牢记|谨记|熟记|铭记|备注一下|备注上|存一下|存下来|存起来|留个底|记到心里|放在心上",
    "别忘了|别忘记|别忘掉|别忘|不要忘记|不要忘了|不要忘掉|不要忘|不能忘|勿忘|莫忘|可别忘了|可别忘|不许忘了|不许忘",
    "做个记录|做个笔记|做个备注|做一下记录|做一下笔记|记个笔记",
)
_REMEMBER_ALSO: Final = rf"记得(?!吗|么|上次|那|当时|以前|小时候|的|清|带|买|去|给|提醒|叫我|吃|关|锁|拿|还|交|写|打|发|要)|(?:写|加|存|记|录|放|保存|收|添加)(?:进|到|入|在){_MEMORY}"
_OBJECT: Final = "(?:把|将)(?P<object>[^,.!?;:]{1,60}?)(?:这一?(?:点|件事|事|条|个)?|的事情?|的记忆|的记录)?"
"""The beginning of a wish around what it is about: 把我不吃香菜这件事."""
_REMEMBER_AROUND: Final = (
    _OBJECT + "(?:也|都|给我|帮我|好好|一起)*"
    f"(?:记住|记下来|记下|记一下|记好|记着|记上|存一下|存起来|存下来|保存下来|(?:写|加|存|记|录|放|保存|收|添加)(?:进|到|入|在){_MEMORY})"
)
_FORGET: Final = (
    "忘了|忘掉|忘记|忘|删掉|删除|删了|删|清除|清掉|清空|抹掉|抹去|去掉|移除|擦掉|撤掉|划掉",
    "别再记|别再记着|别再记得|别再记住|别记|别记着|别记住|别记得|不要再记|不要再记得|不要记|不要记得|不要记住|不用记|不用再记|不用记住|不用记得|不必记|不必再记|无需记|停止记|别存|别保存|不要保存|不要再保存|别再以为|别以为|别再认为|别认为",
    "当我没说过|就当我没说过|当我没讲过",
    "别再提|别提|别老提|别总提|别老是提|不要再提|不要提|不用再提|不许再提|别再跟我提|别跟我提|不要跟我提|别再说|别老说|别再聊|别再问|别老问|不要再问|不要再说|不用再问|不用再聊|不用再说|请别再聊",
    "不想你记得|不想你记住|不想让你记得|不想让你记住|不希望你记得|不希望你记住|我不想你记得|我不想你记住|我不想让你记得|我不想让你记住|我不希望你记得|我不希望你记住",
)
_FORGET_NOT: Final = "(?!带|拿|买|吗|么|没|关|锁|得|不了|不掉|我(?:的)?(?:钥匙|手机|钱包|密码))"
_LISTS: Final = "从我(?:的)?(?:喜欢的?|爱好|兴趣|习惯|目标|偏好|最爱|不喜欢的?|爱吃的|爱喝的)(?:的)?(?:口味|东西|食物|音乐|运动|列表|清单|单子|菜|歌手|电影)?(?:里面?|中|上)?"
"""The parts of a profile, as users call them."""
_FORGET_AROUND: Final = (
    "(?P<not>(?:千万)?(?:别|不要|不许|不用|不想))?(?:再|你)?" + _OBJECT + f"(?:也|都|给我|给|全部|全|从{_MEMORY}|{_LISTS})*"
    "(?(not)(?:写|记|记录|放|加)(?:进|到|入|在)(?:我的?)?(?:日记|日志|手账|总结)(?:里面?|中|上)?|"
    "(?:忘掉|忘了|忘记|忘|删掉|删除|删了|删|清除|清掉|清空|抹掉|抹去|去掉|拿掉|划掉|移除|擦掉|撤掉))"
)
MAY_FORGET: Final = f"{any_of((*_FORGET, '拿掉'))}|(?:写|记|记录|放|加)(?:进|到|入|在)"
"""The words of which each sentence with a wish to forget has some; most sentences have none."""
_REASONS: Final = (
    "(?:是|那是|都是|那都是|只是|就是)?(?:随口|瞎|乱)?(?:开玩笑|说着玩|闹着玩|吹牛|骗你|逗你|说错|搞错|记错|弄错)(?:的|了)*|(?:是|那是|都是)(?:以前|过去|从前|老黄历)(?:的事|的)*|(?:都|早就|已经)*(?:过去|结束|取消|作废|过时|好|死|没|丢|坏|扔|完|黄)了|不是真的|(?:那|这)?(?:条)?(?:是)?(?:错|不对|不准)的?",
    "(?:我|我们)?(?:都|早就|早|已经|现在|其实|最近|早已)*不[^,你您]{1,5}了|(?:我|我们)?(?:都|早就|已经|刚|刚刚|最近|昨天|上周|上个?月|去年)*(?:辞职|离职|分手|离婚|搬走|搬家|搬|毕业|退休|戒|戒掉|卖|卖掉|送人|放弃|改主意|脱单)(?:了)",
    "(?:我|我们)?(?:现在|已经|又|最近)*(?:不|没)[^,你您]{1,4}(?:了)?|(?:我|我们)?又[^,你您说]{1,5}了|(?:它|他|她)(?:昨天|前天|上周|上个?月|去年|已经)*(?:走|死|去世|过世|离开|没|搬走)了",
)
"""The reasons that a user gives after a wish to forget."""
_POINTS: Final = (
    "这一点|这点|这个|这件事|这些|这条|这|它|这事|以下几点|以下|下面几点|这几点|这几件事|这两点|这两件事|我说的|我刚说的|我刚才说的|上面的",
    "几件事|两件事|三件事|几点|两点|三点|一件事|一点|一个事|件事|下面这些",  # what it announces
    "了|哦|喔|噢|啊|呀|吧|啦|哈|呢|嘛|哟|呗|一下|下来|好|好了|就好|就行|吗|好吗|行吗|可以吗|好不好|行不行|可以不|谢谢|谢谢你|谢谢您|谢啦|多谢|拜托|拜托了|麻烦了|麻烦你了|辛苦了|哈哈|请|也|都|thx|thanks",
)
"""The words that follow those that ask where they only point at something."""

_FIRST_PERSON: Final = r"[我俺咱]|本人|\b(?:i|my|me)\b"
_SECOND_PERSON: Final = r"[你您妳]"
_TO_ASSISTANT: Final = (
    r"(?:我|我已经|我刚|我刚才|我之前|我以前)?(?:告诉|跟|和|对)[你您](?:说|讲|提)?过?(?:的)?",
    r"[你您](?:可以|就|要)?(?:叫|称呼)我|[你您](?:所)?(?:知道|记得|记住|记下|记录|保存|存|以为|认为)(?:的|了)?",
    _MEMORY,
)
"""The places in which 你 is the assistant."""
_TIMES: Final = (
    "今天|今早|今晚|今年|昨天|昨晚|前天|明天|后天|上周|这周|本周|下周|上个月|这个月|下个月|去年|明年|最近|"
    "现在|目前|刚刚|刚才|刚|周末|平时|每天|每周|每晚|每年|这几天|这两天|这几年|这阵子|这段时间|早上|中午|下午|"
    "晚上|以后|从今以后|今后|[一二三四五六七八九十\\d]{1,2}月[一二三四五六七八九十\\d]{0,3}[份底初号日]?|[一二三四五六七八九十\\d]{1,3}点半?|周一|周二|周三|周四|周五|周六|周日|以前|从小|小时候|终于|其实|一直|总是|经常|有时候?"
)
_CONJUNCTIONS: Final = (
    "因为|因此|所以|但|但是|不过|而且|并且|还有|也|和|跟|另外|尤其|特别是|除了|只是|就是|虽然|如果"
)
_ADVERBS: Final = (
    "大多|大部分|多半|基本|基本上|几乎|偶尔|暂时|向来|一律|"
    "也|都|还|又|就|才|只|很|最|更|太|真|真的|特别|非常|超|超级|比较|挺|有点|已经|一直|总是|经常|从来|"
    "从不|从小|从|不太|不怎么|不再|再|再也|不|没|没有|没法|不能|不会|不想|不要|不敢|可以|能|会|想|要|得|"
    "必须|应该|打算|准备|决定|刚|刚刚|正在|曾经|终于|开始|其实|现在|最近|目前|今年|每天|每周|每晚|今天|昨天|"
    "平时|一般|通常|大概|可能|晚上|早上|周末|一个人|自己|家里"
)
_VERBS: Final = (
    "是|叫|姓|属|有|没有|当|成了|变成|在|对|跟(?:家人|老公|老婆|父母)|和(?:家人|老公|老婆|父母)|今年\\d+|\\d+岁|生于|出生|来自|毕业",  # being and having
    "一个人住|独居|(?:跟|和).{1,4}同居|同居|改主意|开(?:了|店|车|公司)|住|搬|租|回|去|来|到|出差|旅游|旅行|路过|开车|骑车|骑|坐|走路|飞|移民|定居|离开|离职",  # places
    "喜欢|爱|热爱|最爱|喜爱|讨厌|恨|怕|害怕|受不了|偏爱|迷|习惯|想吃|想去|想要|需要|忌口|戒",  # taste and wish
    "工作|上班|下班|上学|上夜班|值班|加班|学|教|做|干|从事|读(?:大[一二三四]|研|博|高[一二三]|初[一二三])|换|辞|失业|退休|升|跳槽|创业|负责|考上|考过|考完|实习|面试",  # work and study
    "吃|喝|抽|戒|忌|过敏|减肥|减重|做饭|煮|烤|点外卖|服|打针",  # food and health
    "睡|起|起床|熬夜|失眠|跑|跑步|健身|游泳|爬山|打球|打(?:篮球|网球|羽毛球|乒乓球|太极|麻将)|踢|练|弹|拉|画|跳|滑雪|徒步|钓鱼|下棋|玩|养|种|运动|锻炼|散步|玩儿",  # activities
    "(?:跟|和)[^,]{1,6}(?:分手|结婚|离婚|和好|恋爱)|(?:一周|每周)?上[^,]{1,4}班",
    "付|花|(?<=不)碰|谈恋爱|丧偶|守寡|被叫|帮忙|存钱|省钱|投|炒|喂|遛|洗|打扫|"
    "休息|放假|轮休|调休|待业|备考|考研|收集|攒|织|缝|编|烘焙|做手工|骑行|排练|带(?:团队|娃|孩子|\\d|[一二两三四五六七八九十]+个)|在找|找(?:工作|房|对象|实习)|开(?:出租|网约|货车|卡车|公交|地铁|大车|餐馆|饭店|咖啡馆|民宿|工作室|网店|摩托|电动车)|烦|嫌|靠|解压|信(?!息|件|号)|教课|买菜|打坐|冥想|唱(?:歌|K|k)",
    "会|说(?:英|法|德|日|韩|粤|俄|西|普|广|中|汉|闽|上海|四川)|懂|买|卖|结婚|离婚|怀孕|生|分手|放弃|恋爱|订婚|单身|觉得累|感觉|感冒|生病|住院|手术|受伤|摔|骨折|瘦|胖|重|高",
)
"""The verbs of what the user is, has, does or likes. None of reading, writing, hearing, seeing, sending or finding."""
_BEFORE_LIFE: Final = (
    "也|都|已经|刚|刚刚|刚才|才|又|正在|终于|最近|现在|开始|要|准备|打算|想|决定|有点|很|太|好|真|真的|"
    "非常|特别|超|还|一直|平时|每天"
)
_OF_LIFE: Final = (
    "搬|住|离开|离职|来到|回来|回家|到家|出差|旅游|旅行|放假|下班|上班|上夜班|加班|工作|换工作|换了工作|辞职|辞了|失业|退休|毕业|升职|创业",  # places and work
    "吃素|吃饭|吃完|吃了|做饭|喝了|戒|减肥|饿|渴|过敏|不吃|不喝|不抽|不再|不住|不做|不玩|不打|没在|不养|吃不了|喝不了",  # food, and what is not so any more
    "睡|起床|熬夜|失眠|累|困|忙|跑步|健身|游泳|爬山|运动|锻炼|散步|练瑜伽|打(?:篮球|网球|羽毛球|乒乓球)|心情|开心|高兴",  # how the user is, and sport
    "(?:不?太?最?更?)(?:喜欢|爱(?!了)|讨厌)",  # taste
    "结婚|离婚|订婚|怀孕|生了|分手|当(?:爸|妈|奶|爷)|生病|感冒|发烧|住院|受伤|骨折|手术|买了(?:车|房|[一二两]?[只条辆台])|养了",  # what changed
)
"""The statements that may stand beside a wish of another content. What the user needs, has or learns may be about a text."""
_MINE: Final = r"(?:我|我们|咱|俺)的?(?P<whose>[^,.是叫在住有]{1,10}?)(?:也|都|还|今年|现在|刚|不|就|已经|最)*(?:是|叫|在|住|有|没有|喜欢|爱|讨厌|对|搬|养|上|做|生|姓|属|信|教|当|会|来自|\d+岁|今年)"
_KIN: Final = r"(?:[妈爸爹娘姐哥弟妹爷奶姨叔舅姑]|老[板师婆公妈爸友乡]|同[事学]|朋友|闺蜜|室友|领导|经理|上司|客户|女儿|儿子|孩子|媳妇|丈夫|妻子|男友|女友|男朋友|女朋友|外[公婆]|孙子|孙女|外孙|外甥|侄子|侄女|[表堂][哥姐弟妹]|导师|邻居|亲戚|父|母|家人|宝宝|对象|先生|太太|医生)"

_FOREIGN: Final = (
    # speaking, reading, sending, finding
    "说(?!英|法|德|日|韩|粤|俄|西班牙|普通|广东|中文|汉语|闽)|讲(?!英|法|德|日|粤|普通)|写",
    "读(?!大|研|博|高|初)|念|听|看(?!病)|唱|问|答|回复|告诉|提到|提醒|嘱咐|叮嘱|吩咐|要求|转告|转述",
    "朗诵|背诵|喊|骂|让我|叫我|劝我|求我|发现|发来|发给|发了|收到|收了|寄|转发|转自|抄|复制|粘贴|贴|打印|来自",
    "摘自|引用|录音|朗读|聊|偶然",
    # texts and what they stand on
    "歌|诗|词|句|段|文字|文本|文案|文章|文件|文档|作文|课文|原文|正文|全文|短文|信(?!用|仰|心|佛)|邮件",
    "邮箱|短信|微信|消息|信息|留言|便条|纸条|书(?!法)|小说|故事|剧|电影|视频|台词|字幕|剧本|旁白|角色|游戏",
    "对话|聊天|记录(?!一下|下来)|日志|日记|截图|图片|图上|照片|屏幕|牌子|招牌|标志|海报|墙上|传单|广告|公告",
    "通知|启事|标题|题目|题|练习|作业|试卷|考题|例句|模板|范文|草稿|样本|示例|提示词|指令|代码|程序|网站|网页",
    "网上|页面|链接|论坛|帖|群里|群聊|弹幕|评论|点评|评价|公众号|博客|微博|朋友圈|新闻|报道|标语|口号|座右铭",
    "名言|谚语|格言|运势|星座运|祷告|祈祷|经文|签文|对联|谜语|笑话|段子|菜谱|食谱|配方|说明|条款|合同|协议|发票",
    "账单|简历|招聘|表格|清单|邀请函|请柬|贺卡|明信片|语音|听写|梦话|纹身|话(?!费|剧)|结尾|开头|节奏|押韵",
    "风格|语气|版本|后半|前半|部分|角色|排练|第[一二三四五六七八九十\\d]",
    # tasks on a text
    "翻译|翻成|译|总结|概括|摘要|润色|改写|改成|校对|修改|改一下|语法|病句|解释|意思|含义|分析|续写|仿写|造句",
    "拼音|怎么读|发音|检查|纠正|改(?!主意)|删|格式|转换|缩写|扩写|排版|评|朗诵|识别|判断|猜|用英|用法|用德|用日|英文",
    "英语怎么|中文怎么|怎么回|如何回",
    "诈骗|骗|垃圾邮件|钓鱼网|假的|真的吗|真假|可疑|病毒|黑客|奇怪|搞笑|好笑|有意思|无语|离谱|可怕|吓|懵|疑惑|好奇|怀疑|相信|同意|笑死|尴尬|莫名",  # judgement of a text
    "这(?!周|个月|几天|两天|几年|阵子|段时间|边|里住)|那(?!么|边)|(?<![吉其])他|她|它|谁|某|此|其(?!实)|以下|以上|下面|上面|如下|下文|上文|下列|东西|有人|别人|大家",  # what points at something else
    "系统|助手|用户|机器人|管理员|亲爱的|尊敬的|此致|敬礼|祝好|敬上|顿首|谨启|署名|落款|附件|抄送",  # forms of letters and of prompts
)
"""The words that make a sentence beside a wish one that may be about a text, or by another speaker."""
_REPORTING: Final = (
    # another speaker
    r"(?<!我)(?<!我刚)(?<!我刚才)(?<!我之前)(?<!我以前)(?<![会能想爱要讲不])(?<!跟你)(?<!和你)(?<!对你)(?<!直)(?<!实话实)说(?!明书|上海|四川|普通|客家|闽南|[英法德日韩粤俄广中汉]|西班牙)",
    r"(?<!我)(?:写道|写着|写的|写给|留言|喊道|念道|唱道|问道|回复道|告诉我|嘱咐|叮嘱|吩咐)|敬上|祝好|署名",
    r"落款",
    # work on a text
    r"翻译成|翻成|译成|翻译一下|请翻译|用(?:英|法|德|日|韩|俄|中|粤|西班牙)(?:语|文)",
    r"(?:英|法|德|日|韩|中)文(?:怎么|是什么)|什么意思|啥意思|怎么(?:说|读|念|写|翻|译|回)",
    r"如何(?:说|翻|回)|总结一下|润色|改写|造句|续写|病句|语法|歌词|台词|字幕|诗句|剧本|原文|截图|引用|标题",
    r"口号|标语|这句|这段|那句|这话|骗|诈|黑客|旁白|完毕|[英中日法德韩俄]文版",
    r"^(?!.*[会说学教懂讲习]).*[英法德日韩俄](?:语|文)$|(?<![a-z])by(?![a-z])|近义词|及其他|等等$",
    r"反义词|句子|通顺|语气",
    r"对吗|对不对|是不是|什么|为啥|谁|(?:哈哈|呵呵|笑死|嘿嘿).|离谱|无语|搞笑|好怪|奇怪|尴尬",  # what one says of a text, and asks about it
    r"此用户|该用户|本用户|用户(?:是|喜欢|住|对)|助手|患者|员工|玩家|读者|贵司|我司|本(?:次|店|公司|场|期|届|栏|站|馆|周末|品|机|产品|号)",  # prompts, forms, notices
    r"人工智能|(?<![a-z])ai$|机器人|语言模型|[一二三四五六七八九\d]折|优惠|促销|特价|满减|百分之|由.*[制建构组]成|保留.*权|特此|承担|亲爱的|宝贝$|这[台部款家件栋座架]",  # machines and adverts
    r"(?:写|印|贴|纹|刻|绣|挂|涂|喷|登|抄|记)(?:在|着|满)|[一这那几两]句|[一二三四五六七八九十百\\d]遍",  # where words stand
    r"^(?:(?!我的?[妈爸爹娘姐哥弟妹爷奶姨叔舅姑老同朋闺室女儿男孩媳丈妻外导邻亲父母家宝对先太]|有|养|喜欢|认识|结婚).)*(?:(?<![其吉])他|她)",  # who was not named before
)
"""Words that a wish may not have itself."""
_TWICE: Final = r"^(?:我|我们|俺|咱)(?:就|也|都|还|只)*(?:是|叫|爱|喜欢|吃|住|在|有|对)[^,;:]*?(?<![我但还就可于要总的也都只或不])(?:是(?!因为|由于|不)|让|使得|把|适合|听起来|看起来)|^我(?:就|也|都|还|只)*(?:是|叫)[^,;:]+我"
"""A second verb, of which the statement itself is the subject: 我是飞行员是标题."""
_PLACED: Final = r"(?:在|对|每|从|如果|当|除了|一|因为|到|跟|和|比起|相比|要是)[^,;:]{0,10}?,?(?=[我俺咱])"
_WHAT_IS_MINE: Final = r"[^,;:]{1,12}(?:是|叫|归|让|给|对)[我俺咱]"
"""The beginnings of what is to be remembered: a time or a place before the user, or something of which it says that it is the user's."""
_STATE: Final = (
    r"^(?:有点|比较|很|老是?|定期|不|不太|也|一直|从小|就|还|春天|夏天|秋天|冬天|对?花粉)*(?:失眠|过敏|献血|戴|鞋码|尺码|补|给|恐|怕|乳糖|色[盲弱]|近视|左撇子|信|支持|单身|素食|内向|外向|害羞|敏感|开朗|靠|社恐|路痴|认床|晕[车船机]|看|听|读|写|唱|用左|耐受|收集|攒|存|参加|报名|带|"
    r"压力大|紧张|焦虑|累了|心情不好|口吃|结巴|休息|待业|晚饭|早饭|午饭|早餐|午餐|晚餐|"
    r"有空|每|身高|体重|血型|生日|今年|喝|年纪|\d|[一二三四五六七八九十]+岁)|"
    r"^(?:的)?(?:左|右)?(?:膝盖|腿|脚|手|腰|背|肩|颈|眼|耳|鼻|胃|肝|心脏|皮肤|牙|头|血压|血糖|睡眠|胆|脾气|记性|方向感|酒量|饭量|视力|听力|肠胃)|^.{1,4}(?:有限|不好|不够)"
)
"""Words for what a user may be or have without a verb of the table."""
_ALSO: Final = "还有|和|并|也|再|另外|以及|然后|请"
"""The words that join two wishes; without them they are lines of a verse."""
_MATTER: Final = "(?:这|那)(?:件)?事情?$|(?:这|那)(?:一)?[点条](?:记录)?$"
"""The words behind the thing that is to be forgotten: 我在找工作这件事."""
_WRONG: Final = "(?:(?:这|那)(?:一)?[点条](?:记录)?)?(?:是错的?|不对|错了|过时了|不准|是旧的|早就不是了)$"
_LABEL: Final = "(?:更新|更新一下|补充|补充一下|补充一点|还有一点|还有一件事|有个事|另外|对了|顺便)"
"""A label that a user writes before a colon and a wish."""
_DESCRIBES: Final = (
    r"(?:(?:一个|大的|小的|老大|老二)(?:叫|是)[^,]{1,6}?){1,3}|叫我[^,]{1,6}|(?:\d+|[一二两三四五六七八九十百]+)(?:平米?|斤|公斤|岁|厘米|块|年)?(?:左右|多|出头)|(?:味道|口感|闻着|吃着)[^,]{1,6}|(?:会|容易|一(?:吃|喝|碰|闻)就)[^,]{1,7}|(?:太|很|挺|特别|非常|有点)[^,]{1,5}|风雨无阻|雷打不动|从不间断|(?:差不多|大概|一般|通常|基本)?(?:早上|晚上|凌晨|下午|中午)?"
    r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})点[^,]{0,5}|发(?:消息|微信|短信)(?:就好|就行|吧|更好)"
)
"""The clauses with which a wish goes on without naming the user again: how something tastes, what it does, when it is."""
_LIFE: Final = (
    "吃|早饭|早餐|午饭|午餐|晚饭|晚餐|夜宵|做饭|做菜|做什么菜|做点什么|点什么外卖|喝|餐厅|零食|甜点|买菜",  # food
    "周末|去哪|哪里玩|玩什么|旅游|旅行|假期|放假|天气|带伞|爬山",  # free time
    "穿什么|穿|礼物|送什么|买什么|运动|锻炼|健身|跑步|减肥|睡|放松|生日|聚会|婚礼|遛狗|养|种|散步|通勤",
)
"""The topics of a question beside a wish."""
_ASKS_LIFE: Final = r"什么|啥|哪|怎么|吗|呢|好不好|能不能|可以|有没有|推荐|建议|几点|多少|适合|合适"


def read(text: str, shown: str, names: Sequence[str]) -> Reading | None:
    """Return what a sentence is, or None if it may be another speaker's. `shown` has the same characters before they were folded."""
    body = text.rstrip(" .!?~-,;")
    asked = "?" in text[len(body) :]
    clauses = split_clauses(body)
    if len(clauses) > MAX_CLAUSES:
        return None
    asks: list[Ask] = []
    stated: list[Literal["LIFE", "STATEMENT"]] = []
    led = False
    for number, clause in enumerate(clauses):
        part = body[clause.start : clause.end]
        if _is_courtesy(part, names) or (asks and ":" not in clause.before and _is_pointing(part)):
            continue
        if not asks and skip(part, 0, _tokens((*LEADS, *COURTESY), names), " ") >= len(part):
            led = True
            continue
        ask = _ask_at(body, clause, names) or _trailing(body, clause, names)
        if ask is not None:
            if number and ":" in clause.before and not has(rf"^{_LABEL}\s*:\s*$", body[: clause.start]):
                return None
            asks.append(ask)
            continue
        if asks:
            if asks[-1].kind == "FORGET" and ":" not in clause.before and _is_reason(part):
                continue
            if _goes_on(body, shown, asks[-1], clause, clauses[number - 1]):
                asks[-1].end = clause.end
                continue
            if ":" in clause.before or _question(body[clause.start :]) is None:
                return None
            return _wish(body[: clauses[number - 1].end], False, asks, stated)
        state = _states(part) or (stated[-1] if stated and _continues(part, shown[: clause.start]) else None)
        if state is None and len(clauses) == 1 and not asked and _is_reason(body):
            return Reading("REASON")
        if state is None or ":" in clause.after:
            return _question(body) if not stated else None
        stated.append(state)
    if asks:
        return _wish(body, asked, asks, stated)
    if not stated:
        return None if led or (asked and not has("(?:在|好|行|可以)(?:吗|不|不好|不行)$", body)) else Reading("COURTESY")
    if asked or has("(?:吗|呢|么)$", body):
        return _question(body)
    return Reading("STATEMENT" if "STATEMENT" in stated else "LIFE")


def _is_reason(part: str) -> bool:
    """Return whether a part says why something is to be forgotten, and nothing else."""
    at = skip(part, 0, _tokens(COURTESY), " ")
    return any(pattern(f"(?:{'|'.join(_REASONS)})[啊呀哦呢啦哈]*").fullmatch(part, start) for start in {0, at})


def is_item(text: str) -> bool:
    """Return whether a sentence says something of the user that may stand in a list of what to remember."""
    body = text.rstrip(" .!?~-,;")
    parts = [body[clause.start : clause.end] for clause in split_clauses(body)]
    is_said = all(_states(part) or _continues(part, "") for part in parts)
    return is_said and "?" not in text[len(body) :] and has(_FIRST_PERSON, body)


def _tokens(rows: Sequence[str], names: Sequence[str] = ()) -> re.Pattern[str]:
    return pattern(any_of((*escape_names(names), *rows)))


def _is_courtesy(part: str, names: Sequence[str]) -> bool:
    return skip(part, 0, _tokens(COURTESY, names), " ") >= len(part)


def _is_pointing(rest: str) -> bool:
    return skip(rest, 0, _tokens(_POINTS), " ") >= len(rest)


def _table(kind: Kind) -> tuple[str, str]:
    """Return the patterns of the words that ask, and of those that stand around what they are about."""
    if kind == "REMEMBER":
        return f"(?:{any_of(_REMEMBER)}|{_REMEMBER_ALSO})", _REMEMBER_AROUND
    return f"(?:{any_of(_FORGET)}{_FORGET_NOT})", _FORGET_AROUND


_KINDS: Final[tuple[Kind, ...]] = ("REMEMBER", "FORGET")


def _ask_at(body: str, clause: Clause, names: Sequence[str]) -> Ask | None:
    """Return the wish that a clause begins with, after what may stand before it."""
    whole = body[: clause.end]
    places = [clause.start]
    token = _tokens((*LEADS, *COURTESY), names)
    while (found := token.match(whole, places[-1])) is not None or whole[places[-1] : places[-1] + 1] == " ":
        places.append(found.end() if found is not None else places[-1] + 1)
    for place in reversed(places):
        for kind in _KINDS:
            plain, around = _table(kind)
            if (found := pattern(around).match(whole, place)) is not None and _is_pointing(whole[found.end() :]):
                return Ask(kind, found.start("object"), found.end("object"), [(clause.start, found.start("object")), (found.end("object"), clause.end)])
            if (found := pattern(plain).match(whole, place)) is not None:
                if _is_pointing(whole[found.end() :]):
                    return Ask(kind, clause.start, clause.end, [(clause.start, clause.end)], points=True)
                return None if has("这|以上|刚", whole[clause.start : place]) else Ask(kind, clause.start, clause.end, [(clause.start, found.end())])
    return None


def _trailing(body: str, clause: Clause, names: Sequence[str]) -> Ask | None:
    """Return the wish at the end of a clause that begins with what it is about."""
    part = body[clause.start : clause.end]
    for kind in _KINDS:
        for found in pattern(_table(kind)[0]).finditer(part):
            if not found.start() or not _is_pointing(part[found.end() :]):
                continue
            about = pattern(rf"(?:{any_of((*LEADS, *COURTESY))})+$").sub("", part[: found.start()])
            named = pattern(r"(?:关于|有关)[^,]{1,16}的?|[^,]{1,16}(?:那条|这条|那一条|那件事|这件事)|[^,]{1,10}的事|我的[^,说话]{1,10}").fullmatch(about) if kind == "FORGET" else None
            if about and ((named and not _is_foreign(pattern("那条|这条|那一条|那件事|这件事|的事$").sub("", about))) or _states(about)):
                at = clause.start + len(about)
                return Ask(kind, clause.start, at, [(at, clause.end)])
    return None


def _is_foreign(text: str) -> bool:
    """Return whether a part beside a wish may be about a text, or by or to another speaker."""
    return has(_SECOND_PERSON, text) or has(f"(?:{'|'.join(_FOREIGN)})", text)


def _states(part: str) -> Literal["LIFE", "STATEMENT"] | None:
    """Return LIFE for what the user says of their life, STATEMENT for what else they say of themselves or of theirs, or None."""
    part = pattern(_WRONG).sub("", part) or part
    if _is_foreign(part):
        return None
    at = skip(part, 0, pattern(any_of((*COURTESY, _TIMES, _CONJUNCTIONS))), " ")
    compared = pattern(r"(?:比起|相比)[^,]{1,6}?(?=我)").match(part)
    for start in sorted({0, at, compared.end() if compared is not None else 0}):
        subject = pattern("我们|咱们|我|俺|咱|本人").match(part, start)
        if subject is None:
            continue
        mine = pattern(_MINE).match(part, start)
        if mine is not None and part[mine.end() :].strip() and (has(f"^{_KIN}", mine["whose"]) or part[subject.end() : subject.end() + 1] in ("的", "家")):
            return "STATEMENT"
        if not has(f"^的?{_KIN}", part[subject.end() :]) and _acts(part[subject.end() :]):
            return "LIFE" if subject[0] == "我" and _is_of_life(part[subject.end() :]) else "STATEMENT"
    return None


def _is_of_life(rest: str) -> bool:
    at = skip(rest, 0, pattern(any_of((_BEFORE_LIFE, _TIMES))), " ")
    return any(pattern(f"(?:{'|'.join(_OF_LIFE)})").match(rest, place) for place in {0, at})


def _acts(rest: str) -> bool:
    """Return whether a part begins with a verb of the table, after adverbs."""
    place = 0
    while True:
        found = pattern(f"(?:{'|'.join(_VERBS)})").match(rest, place)
        if found is not None and (len(found[0]) > 1 or rest[found.end() :].strip("的过着吧啊" if found[0] not in "是会有对叫在" else "了的过着吧啊")):
            return True
        step = pattern(any_of((_ADVERBS, _TIMES))).match(rest, place)
        if step is None:
            return False
        place = step.end()


def _continues(part: str, before: str) -> bool:
    """Return whether a clause goes on with a statement: its verb without the subject, an item of an enumeration, a reason that names the user."""
    if _is_foreign(part):
        return False
    joined = pattern(any_of((_CONJUNCTIONS,))).match(part)
    if joined and (has(_FIRST_PERSON, part) or _acts(part[joined.end() :]) or len(part) <= MAX_ITEM):
        return True
    return _acts(part) or (len(part) <= MAX_ITEM and ("、" in before[-2:] or "､" in before[-2:] or has(r"\d|[一二三四五六七八九十](?:[月号日岁年]|点(?<!一点))", part)))


def _goes_on(body: str, shown: str, ask: Ask, clause: Clause, last: Clause) -> bool:
    """Return whether a clause after a wish is part of it."""
    part, before = body[clause.start : clause.end], body[ask.asks[-1][1] : last.end]
    if ":" in clause.before:
        is_label = has("我", before) and len(before) <= MAX_ITEM + 2 and len(part) <= MAX_ITEM and not _is_foreign(part)
        return ask.points or _is_pointing(before) or is_label
    if has("什么|怎么|哪|[吗呢]$", part):
        return False
    if _states(part) or (pattern(_DESCRIBES).fullmatch(part) and not has(f"{_SECOND_PERSON}|{_KIN}", part) and "-" not in clause.before):
        return True
    if has("我.{0,4}(?:喜欢|爱|讨厌)", before) and has("[、､]$", shown[: clause.start]):
        part = pattern("(?:电影|小说|漫画|游戏|诗歌|音乐剧)(?=$|[和跟与])").sub("花", part)
    return not any(mark in clause.before for mark in "-()") and _continues(part, shown[: clause.start])


def _wish(body: str, asked: bool, asks: list[Ask], stated: Sequence[str]) -> Reading | None:
    """Return the reading of a sentence with wishes, or None if one of them is not the user's own."""
    if (asked or has("[吗么]$", body)) and not has(_POLITE, body):
        return None
    if not stated and asks[0].asks[0][0] <= asks[0].start:
        asks[0].start, asks[0].asks[0] = 0, (0, asks[0].asks[0][1])
    if any(begin_alike(body, last, ask, _ALSO) for last, ask in zip(asks, asks[1:])):
        return None
    for number, ask in enumerate(asks):
        others = "".join(" " if any(start <= at < end for start, end in ask.asks) else char for at, char in enumerate(body))
        about = others[ask.start : ask.end].strip(" ,:;-()")
        announces = has("几[件点]|[两三]件|[两三]点|以下|下面|这些", body[ask.asks[0][0] : ask.asks[-1][1]])
        if ask.points and not about:
            ask.announces = announces
            if stated and not number:
                ask.start, ask.points = 0, False
            elif len(asks) > 1 and not ask.announces:
                return None
            continue
        if number and not has(_FIRST_PERSON, about) and not has("[那这][条件]|关于|有关", about):
            return None
        if ask.points:
            ask.announces, ask.points = announces, False
        if ("STATEMENT" in stated and not (ask.kind == "FORGET" and has("(?:不|没)[^,]{1,6}了", body[: ask.start]))) or not _is_own(ask.kind, about):
            return None
    asks[-1].end = len(body)
    return Reading("WISH", asks)


def _is_about_user(about: str) -> bool:
    """Return whether what is to be remembered begins with the user and a verb or a state of the tables, with what is theirs, or says what is theirs."""
    if pattern(_WHAT_IS_MINE).match(about):
        return True
    placed = pattern(_PLACED).match(about)
    for start in {0, placed.end() if placed else 0}:
        subject = pattern("(?:关于|有关)?(?:我们|咱们|我|俺|咱|本人|i'm|im|i|my)").match(about, start)
        if subject is not None and (about[subject.end() : subject.end() + 1] in ("的", "家", " ") or about.startswith(("老家", "故乡", "家乡"), subject.end()) or pattern(r"最[^,]{1,4}的[^,]{1,8}[是叫在]").match(about, subject.end()) or pattern(f"(?:{_KIN})").match(about, subject.end())):
            return True
        if subject is not None:
            rest = about[subject.end() :]
            timed = pattern("[^,;:]{1,6}?(?:前|后|时|的时候)").match(rest)
            if any(_acts(part) or has(_STATE, part) for part in (rest, rest[timed.end() :] if timed is not None else "")):
                return True
    return False


def _is_own(kind: Kind, about: str) -> bool:
    if kind == "FORGET":
        about = pattern(_MATTER).sub("", about) or about
    if has("|".join(_REPORTING), about):
        return False
    spoken = about
    for row in _TO_ASSISTANT:
        spoken = pattern(row).sub(" ", spoken)
    if has(_SECOND_PERSON, spoken):
        return False
    if has(_TWICE, about):
        return False
    at = skip(about, 0, pattern(any_of((*COURTESY, _TIMES, _CONJUNCTIONS))), " ,")
    if any(_is_about_user(about[start:]) for start in {0, at}):
        return True
    if kind == "FORGET" and len(about) <= MAX_ITEM and has(f"^(?:{_FIRST_PERSON})", about) and not has("含有?|可能|由|保修|版权|年历史", about):
        return True
    return kind == "FORGET" and (spoken != about or has(f"^(?:{_FIRST_PERSON}).{{1,4}}(?:的|过(?!是|敏))", about) or (len(about) <= MAX_ITEM and not has(f"(?:{_FIRST_PERSON}).", about)))


def _question(body: str) -> Reading | None:
    """Return the reading of a question about the user's life that points at no text."""
    if _is_foreign(pattern("^(?:你|您)?(?:能|可以|帮我|给我)|[你您](?:有|觉得|能|可以)").sub(" ", body)):
        return None
    return Reading("QUESTION") if has(_ASKS_LIFE, body) and has("|".join(_LIFE), body) else None
