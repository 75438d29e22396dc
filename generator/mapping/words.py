"""The words of headings: which say nothing of their own, and which change what a heading is about.

Only data. Words stand as people write them, a language a line; :mod:`generator.mapping.folding`
folds them the way it folds headings. A word that is in none of these tables is a *leftover*.
"""

from __future__ import annotations

# Say "a network", whatever the name beside them: not leftovers, and enough of a second sign for a
# one-word homonym ("Inception networks" is not the film).
TECHNICAL_NOISE = (
    # English
    "nn neural architecture arch model topology",
    # German, Dutch, Danish, Norwegian, Swedish
    "neuronales neuronale neuronalen Architektur Modell neuraal neurale architectuur arkitektur",
    "nevralt nevrale neurala neuralt modellen",
    # French, Spanish, Portuguese, Italian, Catalan, Romanian
    "neurone neurones neuronal neuronaux modèle neuronales neuronas arquitectura modelo neural",
    "neurais arquitetura neurale neurali architettura modello neuronală neuronale arhitectura",
    # Polish, Czech, Slovak, Slovene, Croatian, Hungarian, Turkish, Finnish
    "neuronowa neuronowe model neuronová neuronové architektura nevronska neuronska arhitektura",
    "neurális modell sinir mimarisi mimari modeli arkkitehtuuri malli",
    # Russian, Ukrainian, Bulgarian, Greek
    "нейронная нейронные нейронных архитектура модель нейронна нейронні архітектура невронна",
    "невронни архитектурата νευρωνικό νευρωνικά αρχιτεκτονική μοντέλο",
    # Arabic, Persian, Hebrew
    "العصبية عصبية نموذج معمارية بنية عصبی معماری مدل נוירונים עצבית ארכיטקטורה ארכיטקטורת מודל",
    # Hindi, Bengali, Vietnamese, Indonesian
    "मॉडल तंत्रिका न्यूरल आर्किटेक्चर মডেল nơ-ron nơron thần kinh mô hình kiến trúc saraf tiruan",
    "arsitektur",
    # Chinese, Japanese, Korean, Thai
    "神经 神經 模型 架构 架構 ニューラル モデル アーキテクチャ アーキテクチャー 모델 모형 아키텍처",
    "ประสาทเทียม โมเดล สถาปัตยกรรม แบบจำลอง แบบ",
)

# Words for a network; technical noise, too. With one of the words of KIND they name the whole kind.
NETWORK = (
    "network networks net nets Netz Netze Netzwerk Netzwerke netwerk netwerken netværk nettverk",
    "nätverk nät réseau réseaux red redes rede rete reti xarxa xarxes rețea rețele sieć sieci síť",
    "sítě sieť mreža mreže omrežje hálózat hálózatok ağ ağı ağlar ağları verkko neuroverkko",
    "сеть сети сетей нейросеть нейросети мережа мережі нейромережа мрежа мрежи δίκτυο δίκτυα",
    "شبكة شبكات الشبكة الشبكات شبکه شبکه‌های שבکه רשת רשתות नेटवर्क নেটওয়ার্ক mạng jaringan",
    "网络 網絡 網路 神经网络 神經網絡 神經網路 ネットワーク ネット ニューラルネットワーク ニューラルネット",
    "네트워크 신경망 โครงข่าย โครงข่ายประสาทเทียม เครือข่าย",
)

# Say nothing either, but are ordinary words.
PLAIN_NOISE = (
    # English
    "the a an of and or aka original vanilla standard simple plain deep very structure family",
    "winner winners ILSVRC ImageNet",
    # German, Dutch
    "der die das des dem den ein eine von und oder auch Struktur tiefe tiefes tiefen",
    "de het een van en diepe structuur",
    # French, Spanish, Portuguese, Italian
    "le la les l d du un une et ou structure profond profonds",
    "el los las una del y o estructura profunda profundas o os as um uma do da e ou estrutura",
    "il lo gli di dei della delle ed struttura profonda profonde",
    # Polish, Czech, Turkish, Russian, Ukrainian
    "struktura głęboka głębokie hluboká i ve yapısı derin",
    "глубокая глубокие структура и или глибока глибокі та або",
    # Arabic, Hebrew, Hindi, Vietnamese
    "هيكل العميقة של מבנה का की के और cấu trúc sâu",
    # Chinese, Japanese, Korean
    "的 之 和 与 與 结构 結構 深度 构造 之结构 経典 经典的",
    "の と 構造 深層 ディープ",
    "의 와 과 및 구조 심층 딥 는 은",
)

# The words among them that join two things as equals.
CONNECTIVES = "and or und oder et ou y e o и или та або ve 和 与 與 と 와 과 및"

# Names of the whole kind of network: beside a particular name they are noise ("VGG CNN").
KIND = (
    "CNN convnet convolutional konvolutionales konvolutionale faltendes faltende convolutioneel",
    "convolutionele konvolutionella konvolutionelt konvolusjonelt convolutif convolutifs convolutive",
    "convolutionnel convolutionnels convolucional convolucionales convolucionais convolucionals",
    "convoluzionale convoluzionali convoluțională convoluționale konwolucyjna konwolucyjne splotowa",
    "splotowe konvoluční konvolučná konvolucijska konvolúciós konvoluutio konvolüsyonel evrişimli",
    "сверточная сверточные сверточных згорткова згорткові конволюционна конволюционни συνελικτικό",
    "συνελικτικά التفافية الالتفافية پیچشی کانولوشنی کانولوشن קונבולוציה קונבולוציית קונבולוציוניות",
    "कनवल्शनल कनवोल्यूशनल কনভোলিউশনাল tích-chập konvolusional konvolusi 卷积 卷積 畳み込み 畳込み",
    "합성곱 콘볼루션 컨볼루션 컨벌루션 컨볼루셔널 คอนโวลูชัน คอนโวลูชั่น",
)

# Make a heading a collection when sections below it name architectures.
COLLECTIVE = (
    "architectures models networks classic classics classical famous popular common known notable",
    "important modern landmark influential seminal well-known zoo families variants examples",
    "historic historical history key main timeline evolution milestones backbones",
    "klassische klassischen bekannte berühmte wichtige Architekturen Modelle Netze Netzwerke",
    "modèles classiques célèbres populaires connus réseaux arquitecturas modelos clásicas clásicos",
    "famosas famosos populares arquiteturas clássicas redes architetture modelli classiche famose",
    "reti klasyczne znane architektury modele классические известные популярные архитектуры модели",
    "сети класичні відомі архітектури моделі mimarileri mimariler klasik ünlü popüler modeller",
    "经典 经典网络 常见 著名 知名 流行 經典 常見 古典的 代表的 代表的な 有名な 主要な",
    "대표적인 유명한 주요 고전 전통적인 الشهيرة الكلاسيكية cổ điển nổi tiếng phổ biến",
)

# A plural that asks for a list: beside the name of the whole kind it means "several networks".
LISTING = (
    "architectures models variants families zoo Architekturen Modelle architettures modèles",
    "arquitecturas arquiteturas architetture modelos modelli architektury архитектуры модели",
    "mimarileri modelleri",
)

# What a section is about when it is not about the network as such. Only consulted where unknown
# words would otherwise be let through: words of another script, and headings with a tag.
ASPECTS = (
    "advantage advantages disadvantage disadvantages benefit benefits drawback drawbacks limitation",
    "limitations feature features training train trained recipe tip tips trick tricks loss losses",
    "score scores metric metrics accuracy result results experiment experiments comparison compare",
    "vs versus why how when what implementation implementing code usage use using application",
    "applications tutorial history intuition idea ideas question questions exercise exercises",
    "problem problems paper papers review summary dataset data layer layers block blocks module",
    "modules module unit units connection connections kernel filter filters weights initialization",
    "optimizer optimization regularization inference deployment speed performance evaluation",
    "notes meeting lecture homework todo reading backbone list index"
    " baseline baselines perceptual distance attack attacks film movie series album song channel news",
    "Vorteile Nachteile Verlust Training Anwendung Anwendungen Vergleich Film avantages perte",
    "entraînement ventajas pérdida entrenamiento vantagens perda treinamento vantaggi perdita",
    "преимущества недостатки обучение потери функция потерь применение сравнение фильм",
    "损失 損失 训练 訓練 優點 优点 缺点 缺點 优势 特征 特徵 实现 實現 应用 應用 比较 比較 对比 代码 技巧",
    "论文 論文 感知 电影 電影 新闻 新聞 频道 问题 练习 层 層 函数 函數 指标 指標 分数 评估 原理 详解 总结",
    "訓練 学習率 学習済み 実装 応用 利点 欠点 映画 ニュース 関数 特徴量 比較 評価 指標",
    "손실 훈련 학습률 장점 단점 구현 응용 비교 특징 영화 뉴스 함수 평가 지표 논문 채널",
    "خسارة تدريب مزايا عيوب تطبيقات فيلم أخبار קולנוע סרט חדשות אימון הפסד",
)

# Headings below which architectures are only mentioned.
MENTION_SCOPES = (
    "related work|related works|prior work|previous work|other work|baseline|baselines",
    "experiment|experiments|experimental|result|results|ablation|ablations|ablation study",
    "benchmark|benchmarks|comparison|comparisons",
    "verwandte arbeiten|experimente|ergebnisse|vergleich|literatur|siehe auch|quellen",
    "travaux connexes|expériences|résultats|comparaison|références|voir aussi|bibliographie",
    "trabajos relacionados|experimentos|resultados|comparación|referencias|véase también",
    "trabalhos relacionados|comparação|referências|ver também|lavori correlati|esperimenti",
    "risultati|confronto|riferimenti|eksperymenty|wyniki|literatura|experimenty|výsledky",
    "связанные работы|эксперименты|результаты|сравнение|литература|ссылки|обзор литературы",
    "пов'язані роботи|експерименти|результати|порівняння|література|посилання",
    "ilgili çalışmalar|deneyler|sonuçlar|karşılaştırma|kaynaklar",
    "相关工作|相關工作|实验|實驗|结果|結果|基线|基線|对比|對比|比较|比較|参考文献|參考文獻|参考资料",
    "関連研究|実験|結果|比較|参考文献|関連リンク|관련 연구|실험|결과|비교|참고 문헌|참고문헌|참고 자료",
    "الأعمال ذات الصلة|التجارب|النتائج|المراجع|công trình liên quan|thí nghiệm|kết quả|tham khảo",
)

# The same where they are the whole heading (as one word among others they say nothing).
WHOLE_SCOPES = (
    "evaluation|reference|references|bibliography|see also|further reading|reading list|to read",
    "papers to read|literature|links|useful links|external links|resources|more resources|backlinks",
    "todo|to do|index|contents|table of contents|inhalt|sommaire|índice|содержание|目录|目次|목차",
)

# Words before a number that make it numbering ("Chapter 7: ResNet").
NUMBERED = (
    "chapter ch chap section sec part pt lecture lec lesson unit module appendix topic",
    "Kapitel Abschnitt Teil Vorlesung Lektion chapitre partie leçon capítulo cap sección parte",
    "lección seção aula capitolo lezione rozdział część wykład kapitola část přednáška bölüm ders",
    "глава раздел часть лекция урок розділ частина лекція chương phần bài",
)
# The same where the number stands inside one word: 第七章, 제3장.
CJK_NUMBERING = (
    r"第\s*[0-9一二三四五六七八九十百]+\s*[章节節讲講课課部分篇回]+|제?\s*[0-9]+\s*[장절강부]"
)

# A heading made of these (and noise) gives a table below it no name of its own.
GENERIC = (
    "overview table configuration config setup summary definition description details layout design "
    "specification spec diagram stages blocks body "
    "Aufbau Schichten Übersicht Tabelle couches tableau capas tabla camadas tabela таблица слои "
    "层 层结构 配置 概述 概要 構成 層 구성 표"
)

# Before a citation ("AlexNet by Krizhevsky et al.").
CITING = "by von de par por di from"

# Between a name and its number ("MobileNet version 2", "ResNet with 50 layers" has a leftover).
VERSION = "version ver v versión versione версия 版本 バージョン 버전"
LAYERS = "layer layers couches capas camadas Schichten слоев слоя 层 層 층"

# Signs that a note is about neural networks: one is enough for a homonym. Strong ones only: a film
# has layers and an architect, a news channel has networks and depth.
SIGNS = (
    "convolution|convolutions|convolutional|convolve|convolved|conv|convs|conv2d|image recognition",
    "max pooling|max pool|maxpool|average pooling|avg pool|pooling|epochs|logit|classifier|1x1",
    "3x3|5x5|7x7|softmax|relu|backpropagation|backprop|back propagation|gradient descent|sgd",
    "batch norm|batchnorm|batch normalization|batch normalisation|feature map|feature maps",
    "fully connected|fully connected layer|dense layer|receptive field|stride|strides|padding",
    "neural network|neural networks|neural net|neural nets|deep learning|machine learning",
    "imagenet|ilsvrc|cifar|cifar 10|mnist|image classification|object detection|computer vision",
    "pytorch|torch|torchvision|tensorflow|keras|residual connection|skip connection|dropout",
    "hidden layer|hidden layers|auxiliary classifier|bottleneck|depthwise|pointwise|logits",
    "faltung|faltungsschicht|neuronales netz|neuronale netze|faltungsnetz|convolutionnel|convolutif",
    "réseau de neurones|réseaux de neurones|apprentissage profond|convolución|convolucional",
    "red neuronal|redes neuronales|aprendizaje profundo|convolução|rede neural|redes neurais",
    "convoluzione|convoluzionale|rete neurale|splot|splotowa|konwolucja|sieć neuronowa|evrişim",
    "evrişimli|sinir ağı|свёртка|свертка|сверточная|свёрточная|сверточный|нейронная сеть|нейросеть",
    "нейронные сети|машинное обучение|згортка|згорткова|нейронна мережа|tích chập|mạng nơ ron",
    "卷积|卷積|池化|神经网络|神經網路|神經網絡|特征图|残差|殘差|深度学习|深度學習|畳み込み|畳込み|プーリング",
    "ニューラルネットワーク|特徴マップ|深層学習|합성곱|풀링|신경망|딥러닝|특성 맵|컨볼루션",
    "التفافية|الشبكات العصبية|تعلم عميق|קונבולוציה|רשת נוירונים|למידה עמוקה|कनवल्शन|न्यूरल नेटवर्क",
    "kernel size|filter size|feature extractor|deeplearning|machinelearning|computervision|dnn|ml",
)
# Names made of ordinary words: they count by themselves, but not against the counter-signs below.
SOFT_NAMES = "residual network|residual net|mobile net|google net|conv net|le net|alex net"

# Links that are signs: hosts and paths of papers and code.
SIGN_LINKS = (
    "arxiv.org",
    "openaccess.thecvf.com",
    "papers.nips.cc",
    "proceedings.neurips.cc",
    "proceedings.mlr.press",
    "doi.org/10.1109",
    "paperswithcode.com",
    "openreview.net",
    "pytorch.org",
    "tensorflow.org",
    "keras.io",
    "huggingface.co",
    "yann.lecun.com",
    "cs231n",
)

# Signs that the homonym's other meaning is meant. With one of these a single sign of the above is
# not enough: two different ones are asked for.
COUNTER_SIGNS = (
    "film|films|movie|movies|cinema|director|directed by|nolan|dicaprio|imdb|box office|plot|trailer",
    "screenplay|soundtrack|actor|actors|actress|thriller|rewatch|watched|letterboxd|heist|episode",
    "season|netflix|news channel|news network|cable news|television|tv|broadcaster|broadcast",
    "journalist|anchor|headline|headlines|breaking news|newsroom|reporter|atlanta|ted turner|fox news",
    "bbc|msnbc|christopher nolan|zimmer|dream|dreams|totem|kino|película|cine|filme|regisseur",
    "réalisateur|фильм|кино|режиссёр|режиссер|телеканал|новости|电影|電影|导演|新闻|频道|映画|監督",
    "영화|감독|뉴스|방송|채널|فيلم|قناة|أخبار|סרט|חדשות",
    "max flow|maximum flow|min cut|augmenting path|augmenting paths|ford fulkerson|edmonds karp",
    "flow network|flow networks|residual capacity|residual graph|capacity constraint|dinic",
    "5g|4g|lte|telecom|telecoms|carrier|carriers|roaming|antenna|sim card|broadband|provider",
)

# Names one letter away from a known one that are no typing mistakes.
OTHER_ARCHITECTURES = (
    "SENet RetNet ResNeXt ResNeSt RegNet ReNet SegNet GENet DenseNet NASNet PNet UNet WNet LiNet "
    "ConvNeXt PoseNet FlowNet PointNet ResNets MobileNeXt Vnet Reset Linet Planet Internet Magnet"
)
