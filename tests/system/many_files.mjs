// Fills a folder with as many small files as wanted, a hundred in each form post, several posts at once.
const endings = ["pdf", "odt", "png", "txt", "odp", "mp4", "ods", "jpg"];
const words = ["Compte rendu", "Évaluation", "Fiche de séance", "Sortie", "Œuvre", "Progression", "Conseil", "élève"];
export const nameOf = (n) => `${words[n % words.length]} ${String(n).padStart(5, "0")}.${endings[n % endings.length]}`;

export async function fillFolder(server, headers, folder, count) {
  const perPost = 100;
  let next = 0;
  const work = async () => {
    while (next < count) {
      const from = next;
      next += perPost;
      const boundary = `preau${from}`;
      let body = "";
      for (let n = from; n < Math.min(count, from + perPost); n++)
        body += `--${boundary}\r\nContent-Disposition: form-data; name="files"; filename="${nameOf(n)}"\r\n\r\n${n}\r\n`;
      const answer = await server.request("POST", `/files/${folder}/upload`, {
        headers: { ...headers, "content-type": `multipart/form-data; boundary=${boundary}` }, body: Buffer.from(`${body}--${boundary}--\r\n`),
      });
      if (answer.status !== 303) throw new Error(`filling: ${answer.status} ${answer.text().slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
}
