#!/usr/bin/env php
<?php
/*
 * Pushes a file to a Titian gateway in pieces, waits until it is settled, and prints the verdict. PHP 8.1 or newer, no extension.
 * An upload that broke off, or whose program was killed, goes on at its byte when the same file is pushed again.
 *
 * usage: php push.php URL CLIENT SECRET_FILE DATASET FILE
 * Ends with 0 if every record is taken, 1 if some need mending, 2 if the gateway refuses.
 */
declare(strict_types=1);

const PIECE_BYTES = 8 * 1024 * 1024;
const TRIES = 6;
const TUS = ['Tus-Resumable' => '1.0.0'];

/** What the gateway refuses, in its own words (RFC 9457). */
final class Refused extends RuntimeException
{
}

final class Gateway
{
    private string $token = '';
    private float $until = 0;

    public function __construct(
        private readonly string $url,
        private readonly string $client,
        private readonly string $secret,
    ) {
    }

    /** One request with a token: status, headers by their lower-case names, and body. */
    public function call(string $method, string $path, array $headers = [], ?string $body = null): array
    {
        return $this->send($method, $path, ['Authorization' => 'Bearer ' . $this->bearer()] + $headers, $body);
    }

    public function json(string $path): array
    {
        return json_decode($this->call('GET', $path)['body'], true, flags: JSON_THROW_ON_ERROR);
    }

    /** A token, renewed before it ends. */
    private function bearer(): string
    {
        if (microtime(true) < $this->until) {
            return $this->token;
        }
        $headers = [
            'Authorization' => 'Basic ' . base64_encode("{$this->client}:{$this->secret}"),
            'Content-Type' => 'application/x-www-form-urlencoded',
        ];
        $answer = $this->send('POST', '/oauth/token', $headers, 'grant_type=client_credentials');
        $token = json_decode($answer['body'], true, flags: JSON_THROW_ON_ERROR);
        $this->until = microtime(true) + $token['expires_in'] - 30;
        return $this->token = $token['access_token'];
    }

    private function send(string $method, string $path, array $headers, ?string $body): array
    {
        $lines = array_map(fn($name, $value) => "$name: $value", array_keys($headers), $headers);
        $http = ['method' => $method, 'header' => $lines, 'ignore_errors' => true, 'timeout' => 120, 'follow_location' => 0];
        $context = stream_context_create(['http' => $http + ($body === null ? [] : ['content' => $body])]);
        for ($try = 1; ; $try++) {
            $http_response_header = [];
            $text = @file_get_contents(rtrim($this->url, '/') . $path, false, $context);
            $answer = self::read($http_response_header, $text === false ? '' : $text);
            if ($answer['status'] >= 200 && $answer['status'] < 300) {
                return $answer;
            }
            $mayPass = in_array($answer['status'], [0, 423, 429], true) || $answer['status'] >= 500;
            // A piece that may have arrived is never sent again blindly: its sender asks for the offset.
            if (!$mayPass || $try === TRIES || $method === 'PATCH') {
                throw new Refused(self::told($answer), $answer['status']);
            }
            sleep(min((int) ($answer['headers']['retry-after'] ?? 2 ** $try), 60));
        }
    }

    private static function read(array $lines, string $body): array
    {
        $headers = [];
        foreach (array_slice($lines, 1) as $line) {
            [$name, $value] = explode(':', $line, 2) + [1 => ''];
            $headers[strtolower($name)] = trim($value);
        }
        $status = preg_match('~^HTTP/\S+ (\d{3})~', $lines[0] ?? '', $found) === 1 ? (int) $found[1] : 0;
        return ['status' => $status, 'headers' => $headers, 'body' => $body];
    }

    /** A problem in one line; a proxy in between may answer in words of its own. */
    private static function told(array $answer): string
    {
        return $answer['status'] === 0 ? 'the gateway does not answer' : sentence($answer['status'], json_decode($answer['body'], true));
    }
}

function sentence(int $status, mixed $problem): string
{
    $problem = is_array($problem) ? $problem : [];
    $places = array_map(fn($place) => "{$place['pointer']}: {$place['code']}", $problem['errors'] ?? []);
    $said = [$problem['title'] ?? '', $problem['detail'] ?? '', $problem['error_description'] ?? '', ...$places];
    return "$status " . implode('; ', array_filter($said));
}

/** Sends a file by tus 1.0.0 (https://tus.io), wherever it stopped, and gives the id of its batch. */
function push(Gateway $gateway, string $dataset, string $path): string
{
    $bytes = filesize($path);
    $sha256 = hash_file('sha256', $path);
    // The key is made of the bytes, so that the same file is never taken twice.
    $metadata = ['dataset' => $dataset, 'filename' => basename($path), 'sha256' => $sha256, 'key' => $sha256];
    $pairs = array_map(fn($name, $value) => $name . ' ' . base64_encode($value), array_keys($metadata), $metadata);
    $begun = $gateway->call('POST', '/v1/uploads', TUS + [
        'Upload-Length' => (string) $bytes,
        'Upload-Metadata' => implode(',', $pairs),
    ]);
    $upload = '/v1/uploads/' . basename($begun['headers']['location']);
    $file = fopen($path, 'rb');
    for ($tries = 0; ; ) {
        $offset = (int) $gateway->call('HEAD', $upload, TUS)['headers']['upload-offset'];
        if ($offset >= $bytes) {
            break;
        }
        fseek($file, $offset);
        try {
            $headers = TUS + ['Upload-Offset' => (string) $offset, 'Content-Type' => 'application/offset+octet-stream'];
            $gateway->call('PATCH', $upload, $headers, fread($file, PIECE_BYTES));
            $tries = 0;
        } catch (Refused $refused) {
            $mayPass = in_array($refused->getCode(), [0, 409, 423, 429], true) || $refused->getCode() >= 500;
            if (!$mayPass || ++$tries === TRIES) {
                throw $refused;
            }
            sleep(2 ** $tries);
        }
    }
    fclose($file);
    while (true) {
        $view = $gateway->json($upload);
        if ($view['problem'] !== null) {
            throw new Refused(sentence($view['problem']['status'] ?? 422, $view['problem']));
        }
        if ($view['batch'] !== null) {
            return $view['batch'];
        }
        sleep(1);
    }
}

function settled(Gateway $gateway, string $id): array
{
    for ($batch = $gateway->json("/v1/batches/$id"); $batch['state'] !== 'settled'; $batch = $gateway->json("/v1/batches/$id")) {
        sleep(1);
    }
    return $batch;
}

function main(array $args): int
{
    if (count($args) !== 5) {
        fwrite(STDERR, "usage: php push.php URL CLIENT SECRET_FILE DATASET FILE\n");
        return 2;
    }
    [$url, $client, $secretFile, $dataset, $path] = $args;
    foreach ([$secretFile, $path] as $needed) {
        if (!is_readable($needed)) {
            fwrite(STDERR, basename($needed) . " cannot be read\n");
            return 2;
        }
    }
    try {
        $gateway = new Gateway($url, $client, trim(file_get_contents($secretFile)));
        $batch = settled($gateway, push($gateway, $dataset, $path));
        $report = $gateway->json("/v1/batches/{$batch['id']}/report");
    } catch (Refused $refused) {
        fwrite(STDERR, $refused->getMessage() . "\n");
        return 2;
    }
    echo "{$batch['id']}: {$report['verdict']}\n";
    foreach ($report['causes'] as $cause) {
        echo "- {$cause['title']} ({$cause['entries']}). {$cause['mend']}\n";
    }
    return $batch['counts']['rejected'] + $batch['counts']['held'] > 0 ? 1 : 0;
}

exit(main(array_slice($argv, 1)));
