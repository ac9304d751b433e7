"""Questions that no rule of the ranking was made for, about what bench/search_questions.py leaves out: other days, or other matters of the same day.

They were all written before the ranking was run on any of them. Nothing is tuned on them: a rule that is changed after a look at these
needs a fresh set.
"""
from __future__ import annotations

ENGLISH = """
Emily|04-27|When did I mention The Great Gatsby?
Emily|04-28|When was I in the middle of a love story called Silent Separation?
Emily|04-29|When did I tell you how I mastered spicy chicken?
Emily|04-30|When did I recommend The Wandering Earth to you?
Emily|05-01|What day was I at the library?
Emily|05-02|When did I admire an antique piece of silk?
Emily|05-03|When did I say I adore Renaissance painters?
Emily|05-04|When did I want to get advice from senior colleagues face to face?
Frank|04-27|When couldn't I decide which climbing gear to get?
Frank|04-28|When did I make Kung Pao Chicken?
Frank|04-29|When did I get scared because I ran to a place I didn't know?
Frank|05-01|On what day did I want to take up singing?
Frank|05-02|When did I hope for a career that I would like?
Frank|05-03|When did I wonder what life is for?
Frank|05-04|What day did I have homemade ice cream?
Frank|05-05|When did I look at flowers and green trees?
Frank|05-06|Which day was gloomy, so that I stayed home with a book?
Lucy|04-28|When did I say that comedies are what I like to watch?
Lucy|04-29|When did I want to hear Jacky Cheung sing?
Lucy|05-01|When was I unhappy with my pay?
Lucy|05-02|When did I ask how to get better at listening to English?
Lucy|05-03|When did I think that a trip would help me relax?
Lucy|05-05|When did I struggle to pick up a new skill?
Sunny|04-27|When did a kind girl give me some of her food on a mountain?
Sunny|04-28|When did I say I was doing HIIT?
Sunny|04-29|When did my job get too much for me?
Sunny|05-03|When did I feel like seeing an action film?
Sunny|05-06|When did I think of meditating at home?
Jason|04-27|When did I have braised fish for lunch?
Jason|04-28|When did I say that I should save money for a trip?
Jason|04-29|When did I want to make sushi for my friends?
Jason|04-30|When did I plan to go up Mount Huashan?
Jason|05-01|When did I learn about old painters and sculptures?
Jason|05-02|When did I say that I like to photograph beaches and lakes?
Jason|05-03|When did I want to try breathing exercises?
Jason|05-05|When did I find my company boring?
Linda|04-27|When did I confess that I'm an introvert?
Linda|04-28|When was I watching the series Awakening Age?
Linda|04-30|When did I say that what I write feels empty?
Linda|05-02|When did I talk about earrings and bracelets?
Linda|05-04|When did I book flights and a place to stay?
Linda|05-06|When did I talk about Meursault?
John Zhang|04-28|What was the day after I saw Looking Up?
John Zhang|04-29|On which day was I at a Western restaurant?
John Zhang|05-01|When did I praise the plot of The Shawshank Redemption?
John Zhang|05-04|When did Titanic move me?
Ivy|04-27|When did I tell you about playing badminton with the people from work?
Ivy|04-29|When did I get up early to meditate and dream of Europe?
Ivy|05-02|When did I feel oppressed and low?
Henry|04-28|When was I into making cards?
Henry|05-01|When did I get to know new people at a community meeting?
Henry|05-02|When did I find something to read about a healthy life on the internet?
Gary|04-28|When did I cook tripe?
Gary|04-30|When did I not know how to dress for a banquet?
Gary|05-03|When had I been sleeping badly?
Gary|05-06|When did I find my life dull?
"""

CHINESE = """
张曼婷|04-27|我哪天说喜欢《了不起的盖茨比》那样的书？
张曼婷|04-28|我什么时候在读一本爱情小说《何以笙箫默》？
张曼婷|04-29|我哪天说辣子鸡练了好多遍？
张曼婷|04-30|我什么时候向你推荐流浪地球的？
张曼婷|05-01|我哪天在图书馆？
张曼婷|05-02|我什么时候看到一件很老的丝绸手工？
张曼婷|05-03|我哪天说喜欢文艺复兴的画？
张曼婷|05-04|我什么时候打算当面向前辈请教？
王峰|04-27|我哪天不知道该挑哪种攀岩装备？
王峰|04-28|我什么时候做过宫保鸡丁？
王峰|04-29|我哪天说跑步跑到不认识的地方，心里害怕？
王峰|05-01|我什么时候想学唱歌？
王峰|05-02|我哪天希望找个自己喜欢的职业？
王峰|05-03|我什么时候琢磨人活着的意义？
王峰|05-05|我哪天说爱听爵士？
王峰|05-06|哪天天气阴沉，我待在家里看书？
李雪|04-28|我什么时候说爱看喜剧片？
李雪|04-29|我哪天说还想听张学友唱歌？
李雪|05-01|我什么时候嫌工资不高？
李雪|05-03|我哪天想靠旅行放松一下？
李雪|05-05|我什么时候学新技能学得吃力？
孙悦|04-27|我哪天讲过爬山时没吃的了，有个女孩帮我？
孙悦|04-28|我什么时候在做HIIT？
孙悦|04-29|我哪天说工作太满，忙不过来？
孙悦|04-30|我什么时候想去空气好的地方旅行？
孙悦|05-03|我哪天想看动作片？
孙悦|05-06|我什么时候想在周末练瑜伽放松？
周立|04-27|我哪天中午吃了红烧鱼？
周立|04-28|我什么时候说要攒钱去探险？
周立|04-29|我哪天想请朋友们吃寿司？
周立|04-30|我什么时候打算去登华山？
周立|05-01|我哪天看了古代绘画和雕塑？
周立|05-02|我什么时候说爱在湖边和海滩拍照？
周立|05-03|我哪天想试试呼吸练习？
周立|05-05|我什么时候觉得公司里的工作没意思？
刘琳|04-27|我哪天说自己性格内向？
刘琳|04-28|我什么时候在追《觉醒年代》？
刘琳|04-30|我哪天说自己写的东西很空洞？
刘琳|05-02|我什么时候提起耳环和手链？
刘琳|05-04|我哪天说机票买好了？
刘琳|05-06|我什么时候聊过《局外人》的主人公？
张志强|04-28|我看完《银河补习班》的第二天是哪天？
张志强|04-29|我什么时候吃了西餐？
张志强|05-01|我哪天夸《肖申克的救赎》情节紧凑？
张志强|05-04|我什么时候被泰坦尼克号感动了？
张志强|05-06|我哪天买了讲情绪的书？
宫晓燕|04-27|我什么时候说和同事一起打羽毛球？
宫晓燕|04-29|我哪天说每天早起冥想，还想去欧洲？
宫晓燕|05-02|我什么时候心情压抑？
郝明|04-28|我哪天迷上了做卡片？
郝明|05-01|我什么时候在聚会上交了新朋友？
郝明|05-02|我哪天在网上读到讲健康的文章？
姚国栋|04-28|我什么时候做了毛血旺？
姚国栋|04-30|我哪天不知道晚宴该穿什么？
姚国栋|05-03|我什么时候睡得不好？
姚国栋|05-06|我哪天觉得日子太单调？
"""
