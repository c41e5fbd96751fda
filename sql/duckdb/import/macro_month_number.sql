-- The number of a month by its name, in the languages that shops of Europe write in, in full, in the genitive or shortened;
-- NULL if it is no month's. Accents and case do not matter.
create temp macro month_number(name) as case
    when contains(' ene enero gen gennaio ian ianuarie jaen jan janeiro jannar janner januar januari january janv janvier leden ledna ocak sausio sty styczen stycznia tammi tammikuu tammikuuta янв январь января ', ' ' || lower(strip_accents(name)) || ' ')
        then 1
    when contains(' feb febbraio febrero februar februari februarie february fev fevereiro fevr fevrier helmi helmikuu helmikuuta lut lutego luty subat unor unora фев февраль февраля ', ' ' || lower(strip_accents(name)) || ' ')
        then 2
    when contains(' brezen brezna maalis maaliskuu maaliskuuta maart maerz mar marca march marcius marco mars mart martie marts marz marzec marzo mrt mrz мар март марта ', ' ' || lower(strip_accents(name)) || ' ')
        then 3
    when contains(' abr abril apr april aprile aprilie aprilis avr avril duben dubna huhti huhtikuu huhtikuuta kwi kwiecien kwietnia nisan апр апрель апреля ', ' ' || lower(strip_accents(name)) || ' ')
        then 4
    when contains(' kveten kvetna mag maggio mai maio maj majus may mayis mayo mei touko toukokuu toukokuuta маи май мая ', ' ' || lower(strip_accents(name)) || ' ')
        then 5
    when contains(' cerven cervna cze czerwca czerwiec giu giugno haziran iun iunie juin jun june junho juni junio junius kesa kesakuu kesakuuta июн июнь июня ', ' ' || lower(strip_accents(name)) || ' ')
        then 6
    when contains(' cervence cervenec heina heinakuu heinakuuta iul iulie juil juillet jul julho juli julio julius july lip lipca lipiec lug luglio temmuz июл июль июля ', ' ' || lower(strip_accents(name)) || ' ')
        then 7
    when contains(' ago agosto agustos aout aug august augusti augustus augusztus elo elokuu elokuuta sie sierpien sierpnia srpen srpna авг август августа ', ' ' || lower(strip_accents(name)) || ' ')
        then 8
    when contains(' eylul sep sept september septembre septembrie septiembre set setembro settembre syys syyskuu syyskuuta szept szeptember wrz wrzesien wrzesnia zari сен сент сентябрь сентября ', ' ' || lower(strip_accents(name)) || ' ')
        then 9
    when contains(' ekim loka lokakuu lokakuuta oct october octobre octombrie octubre okt oktober ott ottobre out outubro paz pazdziernik pazdziernika rijen rijna окт октябрь октября ', ' ' || lower(strip_accents(name)) || ' ')
        then 10
    when contains(' kasim lis listopad listopada marras marraskuu marraskuuta noi noiembrie nov november novembre novembro noviembre ноя нояб ноябрь ноября ', ' ' || lower(strip_accents(name)) || ' ')
        then 11
    when contains(' aralik dec december decembre decembrie des desember dez dezember dezembro dic dicembre diciembre gru grudnia grudzien joulu joulukuu joulukuuta prosince prosinec дек декабрь декабря ', ' ' || lower(strip_accents(name)) || ' ')
        then 12
end
