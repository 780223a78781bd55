ALTER TABLE `carrier_accounts` ADD `enabled` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `notices` ADD `approval_id` text;