"""Questions about the people of MemoryBank's sample, each with the one day that answers it. Written for this benchmark, in other words
than the people's where a person asking would use other words."""
from __future__ import annotations

ENGLISH = """
Emily|04-27|Who did I say I am, and which hobbies did I name when we met?
Emily|04-28|When did I see a squirrel on my walk?
Emily|04-29|On which day did I cook fish with ginger and scallions?
Emily|04-30|When did I watch Taxi Driver in the cinema?
Emily|05-01|When did I get hooked on a novel by Márquez, One Hundred Years of Solitude?
Emily|05-02|Which day did I look at old art in a museum?
Emily|05-03|When did I complain that my drawings do not get better?
Emily|05-04|When was I afraid of speaking in front of people?
Emily|05-05|When was I lost about my career?
Emily|05-06|When did I worry about what travelling costs?
Frank|04-27|When did I jog for an hour near home?
Frank|04-28|When did I ask how to study world history?
Frank|04-30|When did work make me anxious?
Frank|05-01|Which day did I talk about putting things off?
Frank|05-02|When did I feel alone because my friends were busy?
Frank|05-04|When did I eat at a newly opened restaurant?
Frank|05-05|When did I mention jazz?
Lucy|04-27|When did I tell you about my trip to Xiamen?
Lucy|04-29|When did I see Jay Chou live?
Lucy|04-30|Which cuisines did I say I like to cook?
Lucy|05-06|When did I want advice before climbing a mountain?
Sunny|04-28|When did we go over my workout plan to get stronger muscles?
Sunny|05-01|When did my trainer praise my figure?
Sunny|05-02|When did I fail at making noodles?
Sunny|05-04|When did I go out to take landscape pictures?
Sunny|05-05|When was I tired and without energy?
Jason|04-27|When did I swim?
Jason|04-28|When did I talk about New Zealand and its glaciers?
Jason|04-29|What day did I try the speciality of a coffee shop?
Jason|04-30|When did I climb up to a mountain's summit?
Jason|05-02|When did I sign up for a course in photography?
Jason|05-04|When did I need a present for a friend's birthday?
Jason|05-06|When did I want to see towns by the sea with little money?
Linda|04-29|When did I tell you about my yoga teacher?
Linda|05-01|When did I plan to visit Mayan sites in Mexico?
Linda|05-02|When did I buy a white dress?
Linda|05-03|When did I complain about my boss?
Linda|05-04|When did I say that I want to travel to Barcelona and Madrid?
Linda|05-05|When had I gained weight and thought about seeing a doctor?
John Zhang|04-30|When did I learn to cook twice-cooked pork, Hui Guo Rou?
John Zhang|05-02|When did I shoot at targets with my friend?
John Zhang|05-03|Since when do I dance street dance?
John Zhang|05-06|When did I buy a psychology book?
Ivy|04-28|When did I make sweet and sour fish?
Ivy|05-01|When did I start learning another language?
Ivy|05-04|When did I spend my birthday without my family?
Ivy|05-06|When did I tell you the story of Chris Gardner?
Henry|04-29|When were people flying kites?
Henry|04-30|When did I practise the guitar?
Henry|05-01|When did I buy things for my kitchen?
Henry|05-06|When did I not understand functions and their parameters?
Gary|04-27|When was I at the racetrack?
Gary|05-02|When did I lose at cards?
Gary|05-05|When did I keep burning my food?
"""

CHINESE = """
张曼婷|04-27|我是哪天做自我介绍，说自己会弹琴、喜欢喝茶的？
张曼婷|04-28|我什么时候在公园里看见小松鼠的？
张曼婷|04-29|我哪天做了清蒸的鱼？
张曼婷|04-30|我什么时候去电影院看了出租车司机那部片子？
张曼婷|05-01|我哪天迷上了百年孤独这本书？
张曼婷|05-02|我和朋友参观博物馆是什么时候？
张曼婷|05-03|我什么时候抱怨过画画没有长进？
张曼婷|05-04|我哪天说上台演讲会紧张？
张曼婷|05-05|我什么时候对职业方向感到迷茫？
张曼婷|05-06|我哪天担心出门旅游太花钱？
王峰|04-27|我什么时候跑了一个小时的步？
王峰|04-28|我哪天问过怎样学世界史？
王峰|04-30|我什么时候因为上班压力大而焦虑？
王峰|05-01|我哪天说自己有拖延的毛病？
王峰|05-02|我什么时候觉得孤单，朋友都没空陪我？
王峰|05-04|我哪天去新餐厅吃饭，还吃了冰淇淋？
王峰|05-06|我是什么时候读余华的《活着》的？
李雪|04-27|我什么时候说起去厦门玩，还喜欢鼓浪屿？
李雪|04-29|我哪天看了周杰伦的演出？
李雪|04-30|我什么时候说爱吃川菜和粤菜？
李雪|05-02|我哪天想练英语听力？
李雪|05-06|我什么时候问过登山要注意什么？
孙悦|04-28|我们哪天讨论了健身计划和力量训练？
孙悦|05-01|教练什么时候表扬了我的身材？
孙悦|05-02|我哪天学做面条之类的面食，老是失败？
孙悦|05-04|我什么时候想去拍风景照？
孙悦|05-05|我哪天身体很累，没精神？
周立|04-27|我什么时候去游过泳？
周立|04-28|我哪天提到新西兰的冰川？
周立|04-29|我什么时候喝了咖啡店的招牌咖啡？
周立|04-30|我爬到山顶是哪一天？
周立|05-02|我什么时候报了摄影班？
周立|05-04|我哪天要给过生日的朋友挑礼物？
周立|05-06|我什么时候想去海边城市，可是钱和时间都不够？
刘琳|04-29|我什么时候说起新的瑜伽老师？
刘琳|05-01|我哪天计划去墨西哥看玛雅遗迹？
刘琳|05-02|我什么时候买了白裙子？
刘琳|05-03|我哪天抱怨领导太苛刻？
刘琳|05-04|我什么时候说要去马德里和巴塞罗那？
刘琳|05-05|我哪天说体重涨了，胃也不舒服，想看医生？
张志强|04-30|我哪天学会了回锅肉？
张志强|05-02|我什么时候和朋友打靶？
张志强|05-03|我哪天说在跳街舞？
张志强|05-05|我什么时候炒了番茄鸡蛋？
宫晓燕|04-28|糖醋鱼是我哪天做的？
宫晓燕|05-01|我什么时候开始学一门外语？
宫晓燕|05-04|我哪天过生日，家人却不在身边？
宫晓燕|05-06|我什么时候给你讲过克里斯·加纳的故事？
郝明|04-29|我哪天看到有人放风筝？
郝明|04-30|我什么时候说在练吉他？
郝明|05-01|我哪天给厨房买了新东西？
郝明|05-06|我什么时候弄不懂编程里函数的参数？
姚国栋|04-27|我什么时候去开赛车了？
姚国栋|05-02|我哪天说打牌总是输？
姚国栋|05-05|我什么时候总把菜烧糊？
"""
