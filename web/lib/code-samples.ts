/** The first message by API in the languages that tenants write, with their own key in it. Pure. */
import type { KeyView } from '../../schema/keys';

export interface CodeSample {
  readonly language: string;
  readonly code: string;
}

/** Stands where the secret goes: it is known only on the page that has just made it. */
const SECRET = '<secret>';

/** What a key of its kind is for; a test key names a number that is always delivered. No quotes in it: it stands in the quotes of six languages. */
const messageOf = ({ kind, test }: Pick<KeyView, 'kind' | 'test'>) => ({
  to: test ? '+15005550000' : '+6596543210',
  text: kind === 'transactional' ? 'Your code is 482913.' : 'Our sale opens tonight at 20:00. Reply STOP to opt out.',
});

/** @param origin of the platform, e.g. `https://api.example.com` */
export function codeSamples(
  origin: string,
  key: Pick<KeyView, 'id' | 'kind' | 'test'>,
  sender: string,
  secret: string = SECRET,
): readonly CodeSample[] {
  const url = `${origin}/v1/messages`;
  const credential = `${key.id}:${secret}`;
  const body = JSON.stringify({ from: sender, ...messageOf(key) });
  return [
    {
      language: 'curl',
      code: `curl ${url} \\
  -H 'authorization: Bearer ${credential}' \\
  -H 'content-type: application/json' \\
  -H 'idempotency-key: order-1001' \\
  -d '${body}'`,
    },
    {
      language: 'Node.js',
      code: `const answer = await fetch('${url}', {
  method: 'POST',
  headers: {
    authorization: 'Bearer ${credential}',
    'content-type': 'application/json',
    'idempotency-key': 'order-1001',
  },
  body: JSON.stringify(${body}),
});
console.log(answer.status, await answer.json());`,
    },
    {
      language: 'Python',
      code: `import json, urllib.request

request = urllib.request.Request(
    "${url}",
    data=json.dumps(${body}).encode(),
    headers={
        "authorization": "Bearer ${credential}",
        "content-type": "application/json",
        "idempotency-key": "order-1001",
    },
)
with urllib.request.urlopen(request) as answer:
    print(answer.status, json.load(answer))`,
    },
    {
      language: 'Java',
      code: `import java.net.URI;
import java.net.http.*;

public class Send {
    public static void main(String[] arguments) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("${url}"))
            .header("authorization", "Bearer ${credential}")
            .header("content-type", "application/json")
            .header("idempotency-key", "order-1001")
            .POST(HttpRequest.BodyPublishers.ofString(${JSON.stringify(body)}))
            .build();
        var answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + answer.body());
    }
}`,
    },
    {
      language: 'PHP',
      code: `<?php
$call = curl_init('${url}');
curl_setopt_array($call, [
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => [
        'authorization: Bearer ${credential}',
        'content-type: application/json',
        'idempotency-key: order-1001',
    ],
    CURLOPT_POSTFIELDS => '${body}',
]);
echo curl_exec($call);`,
    },
    {
      language: 'Go',
      code: `package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

func main() {
	body := strings.NewReader(\`${body}\`)
	request, _ := http.NewRequest("POST", "${url}", body)
	request.Header.Set("authorization", "Bearer ${credential}")
	request.Header.Set("content-type", "application/json")
	request.Header.Set("idempotency-key", "order-1001")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.StatusCode, string(text))
}`,
    },
  ];
}
