// The peer: grammY, the most careful JavaScript framework for Telegram, with better-sqlite3, the fastest SQLite
// for Node. It does less than interviewd does: an answer is stored, not graded, and synchronous=NORMAL. It sends
// one message an update, with the next question, as interviewd does.
// Arguments: the API's address, the database's path.
'use strict';
const { Bot } = require('grammy');
const Database = require('better-sqlite3');

const [apiRoot, path] = process.argv.slice(2);
const db = new Database(path);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = NORMAL');
db.exec(`CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, answers INTEGER NOT NULL DEFAULT 0);
         CREATE TABLE answers(id INTEGER PRIMARY KEY, user INTEGER, text TEXT, score INTEGER, at INTEGER);
         CREATE INDEX answers_user ON answers(user)`);
const user = db.prepare(`INSERT INTO users(id, name, answers) VALUES(?, ?, 1)
                         ON CONFLICT(id) DO UPDATE SET answers = answers + 1 RETURNING answers`);
const answer = db.prepare('INSERT INTO answers(user, text, score, at) VALUES(?, ?, ?, ?)');
const store = db.transaction((from, text, at) => {
  answer.run(from.id, text, text.length % 101, at);
  return user.get(from.id, from.first_name).answers;
});

const bot = new Bot('123456:load', {
  client: { apiRoot },
  botInfo: {
    id: 1, is_bot: true, first_name: 'bot', username: 'load_bot', can_join_groups: true,
    can_read_all_group_messages: false, supports_inline_queries: false, can_connect_to_business: false,
    has_main_web_app: false,
  },
});
bot.command('practice', (ctx) => ctx.reply('Question 1'));
bot.on('message:text', async (ctx) => {
  const n = store(ctx.from, ctx.message.text, ctx.message.date);
  await ctx.reply(`<b>${ctx.message.text.length % 101}</b> points\n\nQuestion ${n + 1}`, { parse_mode: 'HTML' });
});
bot.catch((e) => { console.error(e.error); });
// bot.start() handles one update after the other, as grammY does by default.
bot.start({ limit: 100, timeout: 50 });
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));
